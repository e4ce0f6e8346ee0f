import type { PointPx } from '../../domain/geometry.js';

/** The smallest upright rectangle round a polygon. */
interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A closed polygon and its bounds, which rule out most pairs without a look at its points. */
export interface Outline {
  readonly contour: readonly PointPx[];
  readonly bounds: Bounds;
}

/** How much of two polygons is common; areas in px². */
export interface Overlap {
  readonly common: number;
  readonly first: number;
  readonly second: number;
}

/** Lines on which areas are measured: a contour is known to a few percent at best. */
const ROWS = 12;

/**
 * Areas of two closed polygons and of what they share, measured on rows across both. Cheap enough
 * for every pair of every frame, and right for any shape, also one with holes bitten out of it.
 *
 * @returns null when not even their bounds meet
 */
export function polygonOverlap(first: Outline, second: Outline): Overlap | null {
  const a = first.bounds;
  const b = second.bounds;
  if (a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom) return null;
  const top = Math.min(a.top, b.top);
  const rowPx = (Math.max(a.bottom, b.bottom) - top) / ROWS;
  const firstRows = crossings(first.contour, top, rowPx);
  const secondRows = crossings(second.contour, top, rowPx);
  let common = 0;
  let firstLength = 0;
  let secondLength = 0;
  for (let row = 0; row < ROWS; row++) {
    const one = firstRows[row] ?? [];
    const other = secondRows[row] ?? [];
    firstLength += lengthOf(one);
    secondLength += lengthOf(other);
    common += commonLength(one, other);
  }
  return { common: common * rowPx, first: firstLength * rowPx, second: secondLength * rowPx };
}

/** Where the polygon's border crosses each row, in order: it is inside from odd to even ones. */
function crossings(polygon: readonly PointPx[], top: number, rowPx: number): number[][] {
  const rows: number[][] = Array.from({ length: ROWS }, () => []);
  let from = polygon.at(-1);
  for (const to of polygon) {
    if (from !== undefined && from.yPx !== to.yPx) {
      const [upper, lower] = from.yPx < to.yPx ? [from, to] : [to, from];
      // Rows run through the middle of their band; each end belongs to one of two edges only.
      const start = Math.max(0, Math.ceil((upper.yPx - top) / rowPx - 0.5));
      const end = Math.min(ROWS - 1, Math.ceil((lower.yPx - top) / rowPx - 0.5) - 1);
      const slope = (lower.xPx - upper.xPx) / (lower.yPx - upper.yPx);
      for (let row = start; row <= end; row++) {
        rows[row]?.push(upper.xPx + slope * (top + (row + 0.5) * rowPx - upper.yPx));
      }
    }
    from = to;
  }
  for (const row of rows) row.sort((a, b) => a - b);
  return rows;
}

function lengthOf(row: readonly number[]): number {
  let length = 0;
  for (let at = 0; at + 1 < row.length; at += 2) length += (row[at + 1] ?? 0) - (row[at] ?? 0);
  return length;
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  let length = 0;
  for (let at = 0; at + 1 < one.length; at += 2) {
    for (let against = 0; against + 1 < other.length; against += 2) {
      const start = Math.max(one[at] ?? 0, other[against] ?? 0);
      const end = Math.min(one[at + 1] ?? 0, other[against + 1] ?? 0);
      length += Math.max(0, end - start);
    }
  }
  return length;
}

/** A polygon with its bounds. */
export function outlineOf(contour: readonly PointPx[]): Outline {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { xPx, yPx } of contour) {
    left = Math.min(left, xPx);
    right = Math.max(right, xPx);
    top = Math.min(top, yPx);
    bottom = Math.max(bottom, yPx);
  }
  return { contour, bounds: { left, right, top, bottom } };
}
