import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestContourPoint } from '../../src/display/nearest-contour-point.js';
import type { PointPx } from '../../src/domain/geometry.js';

const SQUARE: PointPx[] = [
  { xPx: 10, yPx: 10 },
  { xPx: 20, yPx: 10 },
  { xPx: 20, yPx: 20 },
  { xPx: 10, yPx: 20 },
];
const even = { xMm: 0.1, yMm: 0.1 };

describe('the nearest point of a contour', () => {
  it('lies on an edge, the closing one too, or is a corner', () => {
    expect(nearestContourPoint(SQUARE, { xPx: 14, yPx: 0 }, even)).toEqual({ xPx: 14, yPx: 10 });
    expect(nearestContourPoint(SQUARE, { xPx: 0, yPx: 14 }, even)).toEqual({ xPx: 10, yPx: 14 });
    expect(nearestContourPoint(SQUARE, { xPx: 30, yPx: 30 }, even)).toEqual({ xPx: 20, yPx: 20 });
  });

  it('is nearest in millimetres, not in pixels', () => {
    const place = { xPx: 14, yPx: 13 };
    expect(nearestContourPoint(SQUARE, place, even)).toEqual({ xPx: 14, yPx: 10 });
    const tall = { xMm: 0.1, yMm: 0.3 };
    expect(nearestContourPoint(SQUARE, place, tall)).toEqual({ xPx: 10, yPx: 13 });
  });

  it('of no points is none', () => {
    expect(nearestContourPoint([], { xPx: 0, yPx: 0 }, even)).toBeNull();
  });

  it('is never farther than any corner', () => {
    const point = fc.record({
      xPx: fc.double({ min: -500, max: 500, noNaN: true }),
      yPx: fc.double({ min: -500, max: 500, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), point, (contour, place) => {
        const nearest = nearestContourPoint(contour, place, even);
        const far = (a: PointPx | null) =>
          Math.hypot((a?.xPx ?? 1e9) - place.xPx, (a?.yPx ?? 1e9) - place.yPx);
        for (const corner of contour) expect(far(nearest)).toBeLessThanOrEqual(far(corner) + 1e-6);
      }),
      { seed: 5 },
    );
  });
});
