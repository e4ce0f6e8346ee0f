import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Affine,
  applyAffine,
  composeAffine,
  IDENTITY,
  invertAffine,
} from '../../src/domain/affine.js';

const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const point = fc.record({ xPx: number, yPx: number });
/** Scalings, turns and shears that are far from singular, as image maps are. */
const affine: fc.Arbitrary<Affine> = fc
  .record({
    scaleX: fc.double({ min: 0.05, max: 20, noNaN: true }),
    scaleY: fc.double({ min: 0.05, max: 20, noNaN: true }),
    shear: fc.double({ min: -2, max: 2, noNaN: true }),
    turn: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    isFlipped: fc.boolean(),
    e: number,
    f: number,
  })
  .map(({ scaleX, scaleY, shear, turn, isFlipped, e, f }) => {
    const stretch: Affine = { a: isFlipped ? -scaleX : scaleX, b: 0, c: shear, d: scaleY, e, f };
    const rotate: Affine = {
      a: Math.cos(turn),
      b: Math.sin(turn),
      c: -Math.sin(turn),
      d: Math.cos(turn),
      e: 0,
      f: 0,
    };
    return composeAffine(stretch, rotate);
  });

function expectNear(actual: { xPx: number; yPx: number }, expected: { xPx: number; yPx: number }) {
  const tolerance = 1e-6 * (1 + Math.abs(expected.xPx) + Math.abs(expected.yPx));
  expect(Math.abs(actual.xPx - expected.xPx)).toBeLessThan(tolerance);
  expect(Math.abs(actual.yPx - expected.yPx)).toBeLessThan(tolerance);
}

describe('an affine map', () => {
  it('followed by its inverse leaves every point where it was', () => {
    fc.assert(
      fc.property(affine, point, (map, p) => {
        expectNear(applyAffine(invertAffine(map), applyAffine(map, p)), p);
        expectNear(applyAffine(composeAffine(map, invertAffine(map)), p), p);
      }),
      { seed: 1 },
    );
  });

  it('composed of two applies the first, then the second', () => {
    fc.assert(
      fc.property(affine, affine, point, (first, second, p) => {
        const both = applyAffine(composeAffine(first, second), p);
        expectNear(both, applyAffine(second, applyAffine(first, p)));
      }),
      { seed: 2 },
    );
  });

  it('that is the identity changes nothing', () => {
    fc.assert(
      fc.property(affine, point, (map, p) => {
        expect(applyAffine(IDENTITY, p)).toEqual(p);
        expectNear(applyAffine(composeAffine(IDENTITY, map), p), applyAffine(map, p));
      }),
      { seed: 3 },
    );
  });

  it('without an inverse is a bug, not bad input', () => {
    expect(() => invertAffine({ a: 1, b: 2, c: 2, d: 4, e: 0, f: 0 })).toThrow('Assertion failed');
  });
});
