import type { PointPx } from './geometry.js';

/** Points in rows and columns: where the first one is, and how far they are apart. */
export interface PointLattice {
  readonly xPx: number;
  readonly yPx: number;
  readonly stepPx: number;
  readonly columns: number;
  readonly rows: number;
}

/** The centres of an image's pixels. */
export function pixelLattice(size: {
  readonly widthPx: number;
  readonly heightPx: number;
}): PointLattice {
  return { xPx: 0, yPx: 0, stepPx: 1, columns: size.widthPx, rows: size.heightPx };
}

/**
 * Visits the points of a lattice inside a closed polygon, by the even-odd rule along rows.
 *
 * @param contour - pixels of the image that the lattice lies in
 * @param visit - told each run of points in a row, `from` to before `to`, numbered
 *   `row * columns + column`
 */
export function fillPolygon(
  contour: readonly PointPx[],
  lattice: PointLattice,
  visit: (from: number, to: number) => void,
): void {
  const { xPx, yPx, stepPx, columns, rows } = lattice;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const corner of contour) {
    least = Math.min(least, corner.yPx);
    most = Math.max(most, corner.yPx);
  }
  const top = Math.max(0, Math.ceil((least - yPx) / stepPx));
  const bottom = Math.min(rows - 1, Math.floor((most - yPx) / stepPx));
  const crossings: number[] = [];
  for (let row = top; row <= bottom; row++) {
    findCrossings(contour, yPx + stepPx * row, crossings);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(((crossings[pair] ?? 0) - xPx) / stepPx));
      const last = Math.floor(((crossings[pair + 1] ?? 0) - xPx) / stepPx);
      const to = Math.min(columns, last + 1);
      if (to > from) visit(row * columns + from, row * columns + to);
    }
  }
}

/** Where the polygon's edges cross a row, sorted. An edge owns its lower end and not its upper. */
function findCrossings(contour: readonly PointPx[], y: number, crossings: number[]): void {
  crossings.length = 0;
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined && previous.yPx > y !== corner.yPx > y) {
      const share = (y - previous.yPx) / (corner.yPx - previous.yPx);
      crossings.push(previous.xPx + share * (corner.xPx - previous.xPx));
    }
    previous = corner;
  }
  crossings.sort((a, b) => a - b);
}
