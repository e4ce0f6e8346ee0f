import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPolygon, type PointLattice, pixelLattice } from '../../src/domain/fill-polygon.js';
import type { PointPx } from '../../src/domain/geometry.js';

function polygon(...corners: readonly (readonly [number, number])[]): readonly PointPx[] {
  return corners.map(([xPx, yPx]) => ({ xPx, yPx }));
}

function filled(contour: readonly PointPx[], lattice: PointLattice): readonly number[] {
  const mask = new Uint8Array(lattice.columns * lattice.rows);
  fillPolygon(contour, lattice, (from, to) => {
    for (let at = from; at < to; at++) mask[at] = (mask[at] ?? 0) + 1;
  });
  expect(mask.every((count) => count <= 1)).toBe(true);
  return [...mask.keys()].filter((at) => mask[at] === 1);
}

/** Whether a point is inside, by the edges above it: the same rule along columns. */
function isInside(contour: readonly PointPx[], { xPx, yPx }: PointPx): boolean {
  const above = contour.filter((b, index) => {
    const a = contour.at(index - 1) ?? b;
    if (a.xPx > xPx === b.xPx > xPx) return false;
    return a.yPx + ((xPx - a.xPx) / (b.xPx - a.xPx)) * (b.yPx - a.yPx) < yPx;
  });
  return above.length % 2 === 1;
}

const PIXELS = pixelLattice({ widthPx: 10, heightPx: 10 });

describe('filling a polygon', () => {
  it('takes the pixels whose centres are inside', () => {
    const square = polygon([1.5, 1.5], [4.5, 1.5], [4.5, 3.5], [1.5, 3.5]);
    expect(filled(square, PIXELS)).toEqual([22, 23, 24, 32, 33, 34]);
  });

  it('is cut at the edges of the image, and nothing of no polygon', () => {
    const around = polygon([-5, -5], [50, -5], [50, 50], [-5, 50]);
    expect(filled(around, PIXELS)).toHaveLength(100);
    expect(filled(polygon([20, 20], [30, 20], [30, 30]), PIXELS)).toEqual([]);
    expect(filled([], PIXELS)).toEqual([]);
  });

  it('takes the points of a coarser lattice that begins elsewhere', () => {
    const square = polygon([3.5, 3.5], [7.5, 3.5], [7.5, 5.5], [3.5, 5.5]);
    const lattice = { xPx: 2, yPx: 2, stepPx: 2, columns: 4, rows: 3 };
    // Columns at 2, 4, 6, 8 and rows at 2, 4, 6.
    expect(filled(square, lattice)).toEqual([5, 6]);
  });

  it('agrees with the even-odd rule at every point of any polygon', () => {
    // Corners so far off the lattice that no edge between two of them meets a point of it.
    const corner = fc.record({
      xPx: fc.integer({ min: -3, max: 13 }).map((x) => x + Math.SQRT2),
      yPx: fc.integer({ min: -3, max: 13 }).map((y) => y + Math.sqrt(3)),
    });
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 8 }), (contour) => {
        const expected = Array.from({ length: 100 }, (_, at) => at).filter((at) =>
          isInside(contour, { xPx: at % 10, yPx: Math.floor(at / 10) }),
        );
        expect(filled(contour, PIXELS)).toEqual(expected);
      }),
    );
  });
});
