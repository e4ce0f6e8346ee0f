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
  /** Where the polygon lies from its contour; a copy of every contour would be garbage. */
  readonly shift: PointPx;
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
  cross(FIRST, first, top, rowPx);
  cross(SECOND, second, top, rowPx);
  let common = 0;
  let firstLength = 0;
  let secondLength = 0;
  for (let row = 0; row < ROWS; row++) {
    firstLength += lengthOf(FIRST, row);
    secondLength += lengthOf(SECOND, row);
    common += commonLength(row);
  }
  return { common: common * rowPx, first: firstLength * rowPx, second: secondLength * rowPx };
}

/** Where a polygon's border crosses each row, in order: it is inside from odd to even ones. */
interface Crossings {
  readonly counts: Uint8Array;
  readonly at: Float64Array;
}

/** Crossings of one row that are kept; a contour with more is no shape that could be compared. */
const CROSSINGS_MAX = 16;
const createCrossings = (): Crossings => ({
  counts: new Uint8Array(ROWS),
  at: new Float64Array(ROWS * CROSSINGS_MAX),
});
/** Scratch of one call: every pair of every frame would else leave fifty arrays behind. */
const FIRST = createCrossings();
const SECOND = createCrossings();

function cross(rows: Crossings, { contour, shift }: Outline, top: number, rowPx: number): void {
  rows.counts.fill(0);
  const last = contour.at(-1);
  if (last === undefined) return;
  let fromX = last.xPx + shift.xPx;
  let fromY = last.yPx + shift.yPx;
  let fromRow = rowBelow(fromY, top, rowPx);
  for (const point of contour) {
    const toX = point.xPx + shift.xPx;
    const toY = point.yPx + shift.yPx;
    const toRow = rowBelow(toY, top, rowPx);
    // Most edges are short and lie between two rows.
    if (fromRow !== toRow) {
      const isDown = fromY < toY;
      const upperX = isDown ? fromX : toX;
      const upperY = isDown ? fromY : toY;
      const lowerX = isDown ? toX : fromX;
      const lowerY = isDown ? toY : fromY;
      const start = Math.max(0, isDown ? fromRow : toRow);
      const end = Math.min(ROWS, isDown ? toRow : fromRow);
      const slope = (lowerX - upperX) / (lowerY - upperY);
      for (let row = start; row < end; row++) {
        insert(rows, row, upperX + slope * (top + (row + 0.5) * rowPx - upperY));
      }
    }
    fromX = toX;
    fromY = toY;
    fromRow = toRow;
  }
}

/** The first row at a place or below it: rows run through the middle of their band. */
function rowBelow(y: number, top: number, rowPx: number): number {
  return Math.ceil((y - top) / rowPx - 0.5);
}

function insert({ counts, at }: Crossings, row: number, place: number): void {
  const count = counts[row];
  if (count === CROSSINGS_MAX) return;
  const first = row * CROSSINGS_MAX;
  let index = first + count;
  while (index > first && at[index - 1] > place) {
    at[index] = at[index - 1];
    index--;
  }
  at[index] = place;
  counts[row] = count + 1;
}

function lengthOf({ counts, at }: Crossings, row: number): number {
  const start = row * CROSSINGS_MAX;
  let length = 0;
  for (let k = start; k + 1 < start + counts[row]; k += 2) length += at[k + 1] - at[k];
  return length;
}

function commonLength(row: number): number {
  const start = row * CROSSINGS_MAX;
  let length = 0;
  for (let one = start; one + 1 < start + FIRST.counts[row]; one += 2) {
    for (let other = start; other + 1 < start + SECOND.counts[row]; other += 2) {
      const from = Math.max(FIRST.at[one], SECOND.at[other]);
      const to = Math.min(FIRST.at[one + 1], SECOND.at[other + 1]);
      length += Math.max(0, to - from);
    }
  }
  return length;
}

const NO_SHIFT: PointPx = { xPx: 0, yPx: 0 };

/** A polygon, moved by a shift, with its bounds. */
export function outlineOf(contour: readonly PointPx[], shift: PointPx = NO_SHIFT): Outline {
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
  const bounds = {
    left: left + shift.xPx,
    right: right + shift.xPx,
    top: top + shift.yPx,
    bottom: bottom + shift.yPx,
  };
  return { contour, shift, bounds };
}
