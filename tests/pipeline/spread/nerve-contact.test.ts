import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centroidOf, contactAngle } from '../../../src/pipeline/spread/nerve-contact.js';
import { CELL_PX, gridAround } from '../../../src/pipeline/spread/spread-grid.js';

const CENTRE = { xPx: 128, yPx: 120 };
const NERVE_MM = 3;
/** Pixels that are not square: angles are those of the tissue, not of the picture. */
const MM_PER_PX = { xMm: 0.15, yMm: 0.18 };
const grid = gridAround(CENTRE, MM_PER_PX);

const circle = (radiusMm: number) =>
  Array.from({ length: 72 }, (_, index) => {
    const angle = (index * Math.PI) / 36;
    return {
      xPx: CENTRE.xPx + (radiusMm * Math.cos(angle)) / MM_PER_PX.xMm,
      yPx: CENTRE.yPx + (radiusMm * Math.sin(angle)) / MM_PER_PX.yMm,
    };
  });

/** Fluid between two radii, from `fromDeg` on over `widthDeg`. */
function sector(fromDeg: number, widthDeg: number, innerMm: number, outerMm: number): Uint8Array {
  const region = new Uint8Array(grid.side * grid.side);
  for (let cell = 0; cell < region.length; cell++) {
    const xPx = grid.xPx + CELL_PX * (cell % grid.side);
    const yPx = grid.yPx + CELL_PX * Math.floor(cell / grid.side);
    const x = (xPx - CENTRE.xPx) * MM_PER_PX.xMm;
    const y = (yPx - CENTRE.yPx) * MM_PER_PX.yMm;
    const away = Math.hypot(x, y);
    const deg = (((Math.atan2(y, x) * 180) / Math.PI - fromDeg) % 360) + 360;
    if (away >= innerMm && away <= outerMm && deg % 360 < widthDeg) region[cell] = 1;
  }
  return region;
}

describe('the contact angle of the injectate round a nerve', () => {
  it('is the angle over which fluid lies at the outline, whichever way it lies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: 30, max: 330 }),
        (at, deg) => {
          const angle = contactAngle(circle(NERVE_MM), grid, sector(at, deg, NERVE_MM, 6)) ?? 0;
          expect(Math.abs(angle - deg)).toBeLessThanOrEqual(10);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is 360 degrees for a ring and 0 for fluid that stays away from the outline', () => {
    expect(contactAngle(circle(NERVE_MM), grid, sector(0, 360, NERVE_MM, 5))).toBe(360);
    expect(contactAngle(circle(NERVE_MM), grid, sector(0, 360, NERVE_MM + 1.5, 7))).toBe(0);
    expect(contactAngle(circle(NERVE_MM), grid, sector(0, 360, 0, NERVE_MM - 1.5))).toBe(0);
  });

  it('is null for an outline without an area', () => {
    expect(contactAngle([CENTRE, CENTRE], grid, sector(0, 360, 0, 9))).toBeNull();
  });
});

describe('the centroid of an outline', () => {
  it('is that of its area, not of its corners', () => {
    const corners = [
      { xPx: 0, yPx: 0 },
      { xPx: 5, yPx: 0 },
      { xPx: 10, yPx: 0 },
      { xPx: 10, yPx: 4 },
      { xPx: 0, yPx: 4 },
    ];
    expect(centroidOf(corners)).toEqual({ xPx: 5, yPx: 2 });
    expect(centroidOf([])).toBeNull();
  });
});
