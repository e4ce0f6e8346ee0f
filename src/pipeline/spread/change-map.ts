import { CELL_PX, type SpreadGrid } from './spread-grid.js';

/** Marks of a cell: it is darker, or brighter, than before the injection. */
export const DARKER = 1;
export const BRIGHTER = 2;

/** Darker by this much counts, of gray levels as amplitudes; fluid without echo is (ml.md 8). */
const DROP = 10 ** (6 / 20);
/** Brighter by this much counts: fluid with air or particles rises less than clear fluid falls. */
const RISE = 10 ** (4 / 20);
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

/**
 * Compares the picture with the one from before the injection, moved along with the tissue.
 *
 * @param movedPx - where the tissue has gone since, whole tensor pixels
 * @param cells - marks, overwritten; a cell that one of the two does not show has none
 */
export function markChanges(
  grid: SpreadGrid,
  now: MeanPicture,
  before: MeanPicture,
  movedPx: { readonly xPx: number; readonly yPx: number },
  cells: Uint8Array,
): void {
  const { widthPx, heightPx } = now;
  const { side } = grid;
  for (let row = 0; row < side; row++) {
    const y = grid.yPx + CELL_PX * row;
    const from = y - movedPx.yPx;
    const isRowKnown = y >= 0 && y < heightPx && from >= 0 && from < heightPx;
    for (let column = 0; column < side; column++) {
      const x = grid.xPx + CELL_PX * column;
      const fromX = x - movedPx.xPx;
      const isKnown = isRowKnown && x >= 0 && x < widthPx && fromX >= 0 && fromX < widthPx;
      const cell = row * side + column;
      cells[cell] = isKnown
        ? changeOf(now.means[y * widthPx + x], before.means[from * widthPx + fromX])
        : 0;
    }
  }
}

function changeOf(now: number, before: number): number {
  const difference = now - before;
  if (-difference >= DIFFERENCE_MIN && (now + FLOOR) * DROP < before + FLOOR) return DARKER;
  return difference >= DIFFERENCE_MIN && now + FLOOR > (before + FLOOR) * RISE ? BRIGHTER : 0;
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
