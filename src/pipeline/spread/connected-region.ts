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
  span(cells, side, 1, across, spanned);
  span(spanned, side, 0, across, cells);
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let cell = 0; cell < side * side; cell++) {
    if (cells[cell] === 0) continue;
    count++;
    sumX += cell % side;
    sumY += Math.floor(cell / side);
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
      const awayMm = Math.hypot((column - tipColumn) * cellXMm, (row - tipRow) * cellYMm);
      if (awayMm <= SEED_MM) visit(row * side + column);
    }
  }
}

/** Every cell within `CLOSE_CELLS` (a square) of one that is `value` becomes `value` in `to`. */
function span(
  from: Uint8Array,
  side: number,
  value: 0 | 1,
  across: Uint8Array,
  to: Uint8Array,
): void {
  const count = side * side;
  across.fill(1 - value, 0, count);
  for (let cell = 0; cell < count; cell++) {
    if (from[cell] !== value) continue;
    const column = cell % side;
    const row = cell - column;
    const last = Math.min(side - 1, column + CLOSE_CELLS);
    across.fill(value, row + Math.max(0, column - CLOSE_CELLS), row + last + 1);
  }
  to.set(across);
  for (let cell = 0; cell < count; cell++) {
    if (across[cell] !== value) continue;
    for (let step = 1; step <= CLOSE_CELLS; step++) {
      if (cell >= step * side) to[cell - step * side] = value;
      if (cell + step * side < count) to[cell + step * side] = value;
    }
  }
}
