import { fillPolygon } from '../../domain/fill-polygon.js';
import type { PointPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';

/** Tensor pixels from one cell to the next. */
export const CELL_PX = 2;
/** How far from the tip fluid is looked for, mm (notes/ml.md 8). */
const REACH_MM = 15;
/** Larger windows than the network's picture make no sense. */
const SIDE_MAX = 128;
/** Cells of the largest window. */
export const CELLS_MAX = SIDE_MAX * SIDE_MAX;

/** A square window of cells around the tip, tensor pixels. */
export interface SpreadGrid {
  /** Tensor pixel of the first cell. */
  readonly xPx: number;
  readonly yPx: number;
  /** Cells in each direction. */
  readonly side: number;
  readonly cellXMm: number;
  readonly cellYMm: number;
}

/**
 * The window around a place.
 *
 * @param mmPerPx - of the tensor
 */
export function gridAround(place: PointPx, mmPerPx: Spacing): SpreadGrid {
  const cellXMm = CELL_PX * mmPerPx.xMm;
  const cellYMm = CELL_PX * mmPerPx.yMm;
  const side = Math.min(SIDE_MAX, Math.ceil((2 * REACH_MM) / Math.min(cellXMm, cellYMm)));
  const halfPx = (CELL_PX * (side - 1)) / 2;
  return {
    xPx: Math.round(place.xPx - halfPx),
    yPx: Math.round(place.yPx - halfPx),
    side,
    cellXMm,
    cellYMm,
  };
}

/** Millimetres per tensor pixel. */
export function mmPerPxOf({ cellXMm, cellYMm }: SpreadGrid): Spacing {
  return { xMm: cellXMm / CELL_PX, yMm: cellYMm / CELL_PX };
}

/**
 * Marks the cells whose centres lie in a closed polygon (even-odd rule).
 *
 * @param contour - tensor pixels
 * @param cells - row-major, the first side × side are the grid's
 */
export function fillContour(
  grid: SpreadGrid,
  contour: readonly PointPx[],
  mark: number,
  cells: Uint8Array,
): void {
  const { xPx, yPx, side } = grid;
  const lattice = { xPx, yPx, stepPx: CELL_PX, columns: side, rows: side };
  fillPolygon(contour, lattice, (from, to) => {
    for (let cell = from; cell < to; cell++) cells[cell] |= mark;
  });
}
