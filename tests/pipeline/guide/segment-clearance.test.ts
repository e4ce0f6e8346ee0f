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

  it('is deepest where a long outline is widest, however short that part is', () => {
    // 2 mm high, and at 8.7 mm twice as high for 1 mm to either side.
    const upper = [0, 77, 87, 97, 200].map((xPx) => ({ xPx, yPx: xPx === 87 ? 30 : 45 }));
    const lower = upper.map(({ xPx, yPx }) => ({ xPx, yPx: 100 - yPx })).reverse();
    const segment = { from: { xPx: 0, yPx: 50 }, to: { xPx: 200, yPx: 50 } };
    const { distanceMm, alongMm } = segmentClearance(segment, [...upper, ...lower], SCENE_SPACING);
    expect(distanceMm).toBeCloseTo(-Math.SQRT2, 2);
    expect(alongMm).toBeCloseTo(8.7, 1);
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
        // The tolerance of the search, and half of a step between the points that are tried here.
        expect(distanceMm).toBeLessThan(least + 0.011);
        expect(distanceMm).toBeGreaterThan(least - 0.075);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
