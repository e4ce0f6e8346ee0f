import type { PointPx } from '../../domain/geometry.js';
import type { Before } from './background.js';
import type { ShownPart } from './shown-part.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';

/** Marks of a cell: it is darker, or brighter, than before the injection. */
export const DARKER = 1;
export const BRIGHTER = 2;
/** It is so by more than any place within a pixel, and anything just before it, could explain. */
export const SURE = 64;

/** Darker by this much counts, of gray levels as amplitudes; fluid without echo is (ml.md 8). */
const DROP = 10 ** (6 / 20);
/** Brighter by this much counts: fluid with air or particles rises less than clear fluid falls. */
const RISE = 10 ** (4 / 20);
/**
 * Outside the range of what was there by this much is sure. 1 dB, so that the onset stays in time:
 * at 2 dB half of the false onsets that are left go, and the median delay rises from 278 to 336 ms.
 */
const BEYOND = 10 ** (1 / 20);
/** Added to gray levels, so that black on black is no change. */
const FLOOR = 6;
/** Least difference that counts, gray levels. */
const DIFFERENCE_MIN = 10;

/** A picture of local means, row-major. */
export interface MeanPicture {
  readonly means: Float32Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How the two pictures lie on each other, tensor pixels. */
export interface Alignment {
  /** Where the tissue has gone since the earlier one, whole pixels. */
  readonly movedPx: PointPx;
  /** Where there is something to be compared, in both. */
  readonly shown: ShownPart;
}

/**
 * Compares the picture with what was there before the injection, moved along with the tissue.
 *
 * @param cells - marks, overwritten; a cell that one of the two does not show has none
 */
export function markChanges(
  grid: SpreadGrid,
  { means, widthPx, heightPx }: MeanPicture,
  { mean, low, high }: Before,
  { movedPx, shown }: Alignment,
  cells: Uint8Array,
): void {
  const { side } = grid;
  const left = Math.max(0, shown.left) + Math.max(0, movedPx.xPx);
  const right = Math.min(widthPx - 1, shown.right) + Math.min(0, movedPx.xPx);
  const top = Math.max(0, shown.top) + Math.max(0, movedPx.yPx);
  const bottom = Math.min(heightPx - 1, shown.bottom) + Math.min(0, movedPx.yPx);
  const back = movedPx.yPx * widthPx + movedPx.xPx;
  for (let row = 0; row < side; row++) {
    const y = grid.yPx + CELL_PX * row;
    const isRowKnown = y >= top && y <= bottom;
    for (let column = 0; column < side; column++) {
      const x = grid.xPx + CELL_PX * column;
      const at = y * widthPx + x;
      const then = at - back;
      const isKnown = isRowKnown && x >= left && x <= right;
      const apart = isKnown ? means[at] - mean[then] : 0;
      // Most cells have not changed: no look at the range for them.
      const isChanged = apart >= DIFFERENCE_MIN || apart <= -DIFFERENCE_MIN;
      cells[row * side + column] = isChanged
        ? changeOf(means[at], mean[then], low[then], high[then])
        : 0;
    }
  }
}

function changeOf(now: number, mean: number, low: number, high: number): number {
  const level = now + FLOOR;
  if (now < mean && level * DROP < mean + FLOOR) {
    return level * BEYOND < low + FLOOR ? DARKER | SURE : DARKER;
  }
  if (now > mean && level > (mean + FLOOR) * RISE) {
    return level > (high + FLOOR) * BEYOND ? BRIGHTER | SURE : BRIGHTER;
  }
  return 0;
}

/** Cells in a row that may be unmarked inside a shadow, for its speckle. */
const SHADOW_GAP = 2;

/**
 * Takes the mark away from runs of cells that reach the bottom of the window: what darkens all the
 * way down is a shadow, not fluid.
 */
export function dropShadows(grid: SpreadGrid, cells: Uint8Array): void {
  const { side } = grid;
  for (let column = 0; column < side; column++) {
    let gap = 0;
    for (let row = side - 1; row >= 0 && gap <= SHADOW_GAP; row--) {
      const cell = row * side + column;
      gap = (cells[cell] & DARKER) === 0 ? gap + 1 : 0;
      cells[cell] &= ~DARKER;
    }
  }
}
