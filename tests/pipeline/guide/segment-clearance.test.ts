import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointAt } from '../../../src/domain/geometry.js';
import { outlineDistance } from '../../../src/pipeline/guide/outline-distance.js';
import { segmentClearance } from '../../../src/pipeline/guide/segment-clearance.js';
import { SCENE_SPACING, square } from '../../support/guide-scene.js';

const { contour } = square(1, 'nerve', 100, 40);
const clearance = (x0: number, y0: number, x1: number, y1: number) => {
  const segment = { from: { xPx: x0, yPx: y0 }, to: { xPx: x1, yPx: y1 } };
  return segmentClearance(segment, contour, SCENE_SPACING);
};

describe('the clearance of a segment', () => {
  it('is how near it passes', () => {
    expect(clearance(50, 30, 200, 30)).toMatchObject({ distanceMm: 2, entersAtMm: null });
    expect(clearance(50, 50, 80, 50)).toMatchObject({ distanceMm: 2, alongMm: 3 });
  });

  it('is how deep it runs inside, with where it enters', () => {
    const through = clearance(50, 50, 200, 50);
    expect(through.distanceMm).toBeCloseTo(-1, 6);
    expect(through.entersAtMm).toBeCloseTo(5, 9);
    expect(through.alongMm).toBeCloseTo(6, 3);
  });

  it('enters at its start where it starts inside, and sees the way through a corner', () => {
    expect(clearance(110, 50, 200, 50)).toMatchObject({ entersAtMm: 0 });
    expect(clearance(90, 30, 130, 70).entersAtMm).toBeCloseTo(Math.hypot(1, 2), 6);
    expect(clearance(90, 50, 110, 30).distanceMm).toBeCloseTo(0, 9);
  });

  it('is the least distance of its points', () => {
    const place = fc.record({
      xPx: fc.double({ min: 0, max: 200, noNaN: true }),
      yPx: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    const outline = fc
      .array(fc.double({ min: 5, max: 30, noNaN: true }), { minLength: 3, maxLength: 12 })
      .map((radii) =>
        radii.map((radius, index) => {
          const angle = (2 * Math.PI * index) / radii.length;
          return { xPx: 100 + radius * Math.cos(angle), yPx: 50 + (radius * Math.sin(angle)) / 2 };
        }),
      );
    fc.assert(
      fc.property(place, place, outline, (from, to, star) => {
        const segment = { from, to };
        const { distanceMm } = segmentClearance(segment, star, SCENE_SPACING);
        let least = Number.POSITIVE_INFINITY;
        for (let index = 0; index <= 200; index++) {
          const point = pointAt(segment, index / 200);
          least = Math.min(least, outlineDistance(point, star, SCENE_SPACING).distanceMm);
        }
        expect(distanceMm).toBeLessThanOrEqual(least + 0.05);
        expect(distanceMm).toBeGreaterThan(least - 0.15);
      }),
      { numRuns: 100 },
    );
  });
});
