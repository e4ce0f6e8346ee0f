import { type PointPx, polygonArea } from '../../domain/geometry.js';

/** The smallest upright rectangle round a polygon. */
interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A closed polygon, with what rules out most pairs without a look at its points. */
export interface Outline {
  readonly contour: readonly PointPx[];
  readonly bounds: Bounds;
  readonly areaPx2: number;
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
 * Whether a polygon, displaced, may have a share of the smaller area in common with another: their
 * bounds would have to. Cheap; true for pairs that have less.
 */
export function mayShare(first: Outline, shift: PointPx, second: Outline, share: number): boolean {
  const a = first.bounds;
  const b = second.bounds;
  const width = Math.min(a.right + shift.xPx, b.right) - Math.max(a.left + shift.xPx, b.left);
  const height = Math.min(a.bottom + shift.yPx, b.bottom) - Math.max(a.top + shift.yPx, b.top);
  if (width < 0 || height < 0) return false;
  return width * height >= share * Math.min(first.areaPx2, second.areaPx2);
}

/**
 * Areas of two closed polygons and of what they share, measured on rows across both. Cheap enough
 * for every pair of every frame, and right for any shape, also one with holes bitten out of it.
 *
 * @param shift - how far the first one is displaced; a copy of every contour would be garbage
 * @returns null when not even their bounds meet
 */
export function polygonOverlap(first: Outline, shift: PointPx, second: Outline): Overlap | null {
  if (!mayShare(first, shift, second, 0)) return null;
  const a = first.bounds;
  const b = second.bounds;
  const top = Math.min(a.top + shift.yPx, b.top);
  const rowPx = (Math.max(a.bottom + shift.yPx, b.bottom) - top) / ROWS;
  cross(FIRST, first.contour, shift, top, rowPx);
  cross(SECOND, second.contour, NO_SHIFT, top, rowPx);
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

/** Numbers that go from function to function leave garbage, so the innermost steps are in here. */
function cross(
  { counts, at }: Crossings,
  contour: readonly PointPx[],
  { xPx, yPx }: PointPx,
  top: number,
  rowPx: number,
): void {
  counts.fill(0);
  const last = contour.at(-1);
  if (last === undefined) return;
  let fromX = last.xPx + xPx;
  let fromY = last.yPx + yPx;
  // The first row at a place or below it: rows run through the middle of their band.
  let fromRow = Math.ceil((fromY - top) / rowPx - 0.5);
  for (const point of contour) {
    const toX = point.xPx + xPx;
    const toY = point.yPx + yPx;
    const toRow = Math.ceil((toY - top) / rowPx - 0.5);
    // Most edges are short and lie between two rows.
    if (fromRow !== toRow) {
      const start = Math.max(0, Math.min(fromRow, toRow));
      const end = Math.min(ROWS, Math.max(fromRow, toRow));
      const slope = (toX - fromX) / (toY - fromY);
      for (let row = start; row < end; row++) {
        const count = counts[row];
        if (count === CROSSINGS_MAX) continue;
        const place = fromX + slope * (top + (row + 0.5) * rowPx - fromY);
        const first = row * CROSSINGS_MAX;
        let index = first + count;
        while (index > first && at[index - 1] > place) {
          at[index] = at[index - 1];
          index--;
        }
        at[index] = place;
        counts[row] = count + 1;
      }
    }
    fromX = toX;
    fromY = toY;
    fromRow = toRow;
  }
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

/** A polygon with its bounds and area. */
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
  return { contour, bounds: { left, right, top, bottom }, areaPx2: polygonArea(contour) };
}
