import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceMm, toMm, toPx } from '../../../src/domain/spacing.js';
import { isInside, outlineDistance } from '../../../src/pipeline/guide/outline-distance.js';
import { SCENE_SPACING, square } from '../../support/guide-scene.js';

const { contour } = square(1, 'nerve', 100, 40);
const at = (xPx: number, yPx: number) => outlineDistance({ xPx, yPx }, contour, SCENE_SPACING);
const place = fc.record({
  xPx: fc.double({ min: 0, max: 200, noNaN: true }),
  yPx: fc.double({ min: 0, max: 100, noNaN: true }),
});
const spacings = fc.record({
  xMm: fc.double({ min: 0.02, max: 1, noNaN: true }),
  yMm: fc.double({ min: 0.02, max: 1, noNaN: true }),
});

describe('the distance from an outline', () => {
  it('is positive outside, negative inside and zero on the line', () => {
    expect(at(80, 50).distanceMm).toBeCloseTo(2);
    expect(at(105, 50).distanceMm).toBeCloseTo(-0.5);
    expect(at(100, 50).distanceMm).toBe(0);
  });

  it('uses the spacing of each axis', () => {
    expect(at(110, 30).distanceMm).toBeCloseTo(2);
    expect(at(90, 30).distanceMm).toBeCloseTo(Math.hypot(1, 2));
  });

  it('names the direction in which it grows, also inside and on the line', () => {
    expect(at(80, 50).away).toEqual({ xMm: -1, yMm: 0 });
    expect(at(105, 50).away).toEqual({ xMm: -1, yMm: 0 });
    expect(Math.abs(at(100, 50).away.xMm)).toBe(1);
  });

  it('changes by no more than the way between two points', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const apart = distanceMm(a, b, SCENE_SPACING);
        const change = at(a.xPx, a.yPx).distanceMm - at(b.xPx, b.yPx).distanceMm;
        expect(Math.abs(change)).toBeLessThanOrEqual(apart + 1e-9);
      }),
    );
  });

  it('is negative exactly inside', () => {
    fc.assert(
      fc.property(place, (point) => {
        const { distanceMm: distance } = at(point.xPx, point.yPx);
        if (distance !== 0) expect(distance < 0).toBe(isInside(point, contour));
      }),
    );
  });
});

describe('distances in millimetres', () => {
  it('are metric: symmetric, zero to itself, and no detour is shorter', () => {
    fc.assert(
      fc.property(place, place, place, spacings, (a, b, c, spacing) => {
        const ab = distanceMm(a, b, spacing);
        expect(distanceMm(b, a, spacing)).toBe(ab);
        expect(distanceMm(a, a, spacing)).toBe(0);
        expect(ab).toBeLessThanOrEqual(
          distanceMm(a, c, spacing) + distanceMm(c, b, spacing) + 1e-9,
        );
      }),
    );
  });

  it('come back to the same pixel', () => {
    fc.assert(
      fc.property(place, spacings, (point, spacing) => {
        const back = toPx(toMm(point, spacing), spacing);
        expect(back.xPx).toBeCloseTo(point.xPx, 9);
        expect(back.yPx).toBeCloseTo(point.yPx, 9);
      }),
    );
  });
});
