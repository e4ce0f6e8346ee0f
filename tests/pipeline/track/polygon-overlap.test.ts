import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import {
  mayShare,
  outlineOf,
  polygonOverlap,
} from '../../../src/pipeline/track/polygon-overlap.js';

const rectangle = (left: number, top: number, width: number, height: number): PointPx[] => [
  { xPx: left, yPx: top },
  { xPx: left + width, yPx: top },
  { xPx: left + width, yPx: top + height },
  { xPx: left, yPx: top + height },
];

const overlapOf = (one: readonly PointPx[], other: readonly PointPx[]) =>
  polygonOverlap(outlineOf(one), { xPx: 0, yPx: 0 }, outlineOf(other));

describe('the overlap of two polygons', () => {
  it('is the area that they share', () => {
    const overlap = overlapOf(rectangle(0, 0, 40, 48), rectangle(20, 0, 40, 48));
    expect(overlap).toEqual({ common: 20 * 48, first: 40 * 48, second: 40 * 48 });
  });

  it('is none where their bounds do not meet', () => {
    expect(overlapOf(rectangle(0, 0, 10, 10), rectangle(30, 0, 10, 10))).toBeNull();
  });

  it('moves the first one before it looks', () => {
    const [one, other] = [outlineOf(rectangle(0, 0, 40, 48)), outlineOf(rectangle(100, 0, 40, 48))];
    const overlap = polygonOverlap(one, { xPx: 120, yPx: 0 }, other);
    expect(overlap).toEqual({ common: 20 * 48, first: 40 * 48, second: 40 * 48 });
    expect(mayShare(one, { xPx: 120, yPx: 0 }, other, 0.5)).toBe(true);
    expect(mayShare(one, { xPx: 120, yPx: 0 }, other, 0.51)).toBe(false);
    expect(mayShare(one, { xPx: 0, yPx: 0 }, other, 0)).toBe(false);
  });

  it('knows a bite out of a shape from the shape', () => {
    const c = [
      ...[0, 30].map((xPx) => ({ xPx, yPx: 0 })),
      ...[10, 20].map((yPx) => ({ xPx: yPx === 10 ? 30 : 10, yPx: 10 })),
      ...[10, 30].map((xPx) => ({ xPx, yPx: 20 })),
      ...[30, 0].map((xPx) => ({ xPx, yPx: 30 })),
    ];
    const overlap = overlapOf(c, rectangle(12, 11, 16, 8));
    expect(overlap?.common ?? 0).toBe(0);
  });

  it('is the same whichever comes first, and mirrored, and never more than either', () => {
    const size = fc.integer({ min: 2, max: 80 });
    const place = fc.integer({ min: 0, max: 60 });
    const any = fc.tuple(place, place, size, size).map((sides) => rectangle(...sides));
    const mirrored = (polygon: readonly PointPx[]) =>
      polygon.map(({ xPx, yPx }) => ({ xPx: 500 - xPx, yPx }));
    fc.assert(
      fc.property(any, any, (one, other) => {
        const overlap = overlapOf(one, other);
        const swapped = overlapOf(other, one);
        const turned = overlapOf(mirrored(one), mirrored(other));
        if (overlap === null) {
          expect(swapped).toBeNull();
          expect(turned).toBeNull();
          return;
        }
        expect(swapped?.common).toBeCloseTo(overlap.common, 6);
        expect(turned?.common).toBeCloseTo(overlap.common, 6);
        expect(overlap.common).toBeLessThanOrEqual(Math.min(overlap.first, overlap.second) + 1e-6);
      }),
    );
  });
});
