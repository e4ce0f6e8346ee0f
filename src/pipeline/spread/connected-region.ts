import type { PointPx } from '../../domain/geometry.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';
import type { SpreadRoom } from './spread-room.js';

/** Gaps up to this wide, in cells on each side, are speckle and are closed. */
const CLOSE_CELLS = 2;
/** Fluid has to come within this distance of the tip, mm. */
const SEED_MM = 2.5;

/**
 * Finds the cells with a mark of `wanted` that hang together with the tip; how many there are.
 *
 * @param marks - side × side
 * @param tip - tensor pixels
 * @param cells - overwritten: 1 where the region is
 * @param stack - scratch, side × side
 */
export function connectedRegion(
  grid: SpreadGrid,
  marks: Uint8Array,
  wanted: number,
  tip: PointPx,
  cells: Uint8Array,
  stack: Int32Array,
): number {
  const { side } = grid;
  cells.fill(0, 0, side * side);
  let depth = 0;
  let count = 0;
  const visit = (cell: number): void => {
    if ((marks[cell] & wanted) === 0 || cells[cell] === 1) return;
    cells[cell] = 1;
    stack[depth++] = cell;
    count++;
  };
  forCellsNear(grid, tip, visit);
  while (depth > 0) {
    const cell = stack[--depth];
    const column = cell % side;
    const row = (cell - column) / side;
    if (column > 0) visit(cell - 1);
    if (column + 1 < side) visit(cell + 1);
    if (row > 0) visit(cell - side);
    if (row + 1 < side) visit(cell + side);
  }
  return count;
}

/** How large a region is and where. */
export interface RegionExtent {
  readonly count: number;
  /** Tensor pixels; null for nothing. */
  readonly centroid: PointPx | null;
}

/** Closes the gaps that speckle leaves in the room's region. */
export function closeGaps(
  grid: SpreadGrid,
  { region: cells, across, spanned }: Pick<SpreadRoom, 'region' | 'across' | 'spanned'>,
): RegionExtent {
  const { side } = grid;
  // Nothing changes in rows that are farther from the region than gaps are wide.
  const first = Math.floor(cells.indexOf(1) / side) - 2 * CLOSE_CELLS;
  const last = Math.floor(cells.lastIndexOf(1, side * side - 1) / side) + 2 * CLOSE_CELLS;
  const rows = { from: side * Math.max(0, first), to: side * Math.min(side, last + 1) };
  span(cells, side, rows, 1, across, spanned);
  span(spanned, side, rows, 0, across, cells);
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let row = rows.from; row < rows.to; row += side) {
    let inRow = 0;
    for (let column = 0; column < side; column++) {
      if (cells[row + column] === 0) continue;
      inRow++;
      sumX += column;
    }
    count += inRow;
    sumY += inRow * (row / side);
  }
  if (count === 0) return { count, centroid: null };
  const xPx = grid.xPx + (CELL_PX * sumX) / count;
  return { count, centroid: { xPx, yPx: grid.yPx + (CELL_PX * sumY) / count } };
}

function forCellsNear(grid: SpreadGrid, tip: PointPx, visit: (cell: number) => void): void {
  const { side, cellXMm, cellYMm } = grid;
  const tipColumn = (tip.xPx - grid.xPx) / CELL_PX;
  const tipRow = (tip.yPx - grid.yPx) / CELL_PX;
  const columns = SEED_MM / cellXMm;
  const rows = SEED_MM / cellYMm;
  const rowLast = Math.min(side - 1, Math.floor(tipRow + rows));
  const columnLast = Math.min(side - 1, Math.floor(tipColumn + columns));
  for (let row = Math.max(0, Math.ceil(tipRow - rows)); row <= rowLast; row++) {
    for (let column = Math.max(0, Math.ceil(tipColumn - columns)); column <= columnLast; column++) {
      const xMm = (column - tipColumn) * cellXMm;
      const yMm = (row - tipRow) * cellYMm;
      if (xMm * xMm + yMm * yMm <= SEED_MM * SEED_MM) visit(row * side + column);
    }
  }
}

/** Every cell within `CLOSE_CELLS` (a square) of one that is `value` becomes `value` in `to`. */
function span(
  from: Uint8Array,
  side: number,
  rows: { readonly from: number; readonly to: number },
  value: 0 | 1,
  across: Uint8Array,
  to: Uint8Array,
): void {
  across.fill(1 - value, rows.from, rows.to);
  for (let row = rows.from; row < rows.to; row += side) {
    for (let column = 0; column < side; column++) {
      if (from[row + column] !== value) continue;
      const last = Math.min(side - 1, column + CLOSE_CELLS);
      for (let at = Math.max(0, column - CLOSE_CELLS); at <= last; at++) across[row + at] = value;
    }
  }
  for (let row = rows.from; row < rows.to; row += side) {
    const first = Math.max(rows.from, row - CLOSE_CELLS * side);
    const last = Math.min(rows.to - side, row + CLOSE_CELLS * side);
    for (let column = 0; column < side; column++) {
      let found: number = 1 - value;
      for (let at = first + column; at <= last + column && found !== value; at += side) {
        found = across[at];
      }
      to[row + column] = found;
    }
  }
}
