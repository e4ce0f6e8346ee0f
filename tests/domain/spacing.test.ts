import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distancePx } from '../../src/domain/geometry.js';
import { distanceMm, toMm, toPx } from '../../src/domain/spacing.js';

const pixels = fc.double({ min: -4096, max: 4096, noNaN: true });
const point = fc.record({ xPx: pixels, yPx: pixels });
const mm = fc.double({ min: 0.001, max: 10, noNaN: true });
const spacing = fc.record({ xMm: mm, yMm: mm });

describe('spacing', () => {
  it('takes a point to millimetres and back', () => {
    fc.assert(
      fc.property(point, spacing, (p, s) => {
        const back = toPx(toMm(p, s), s);
        expect(back.xPx).toBeCloseTo(p.xPx, 8);
        expect(back.yPx).toBeCloseTo(p.yPx, 8);
      }),
      { seed: 1 },
    );
  });

  it('measures distances that do not depend on the direction', () => {
    fc.assert(
      fc.property(point, point, spacing, (p, q, s) => {
        expect(distanceMm(p, q, s)).toBe(distanceMm(q, p, s));
        expect(distanceMm(p, p, s)).toBe(0);
      }),
      { seed: 2 },
    );
  });

  it('that is square scales pixel distances', () => {
    fc.assert(
      fc.property(point, point, mm, (p, q, side) => {
        const expected = distancePx(p, q) * side;
        const actual = distanceMm(p, q, { xMm: side, yMm: side });
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
      }),
      { seed: 3 },
    );
  });

  it('that is not square weighs each axis by its own', () => {
    const s = { xMm: 0.1, yMm: 0.2 };
    expect(distanceMm({ xPx: 0, yPx: 0 }, { xPx: 30, yPx: 20 }, s)).toBeCloseTo(5);
  });
});
