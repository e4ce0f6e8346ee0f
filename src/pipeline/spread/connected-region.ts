import type { PointPx } from '../../domain/geometry.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';

/** Gaps up to this wide, in cells on each side, are speckle and are closed. */
const CLOSE_CELLS = 2;
/** Fluid has to come within this distance of the tip, mm. */
const SEED_MM = 2.5;

/** Some cells of a grid. */
export interface Region {
  /** 1 where it is; side × side. */
  readonly cells: Uint8Array;
  readonly count: number;
}

/**
 * The cells with a mark of `wanted` that hang together with the tip.
 *
 * @param marks - side × side
 * @param tip - tensor pixels
 */
export function connectedRegion(
  grid: SpreadGrid,
  marks: Uint8Array,
  wanted: number,
  tip: PointPx,
): Region {
  const { side } = grid;
  const cells = new Uint8Array(side * side);
  const stack = new Int32Array(side * side);
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
  return { cells, count };
}

/** The region with the gaps closed that speckle leaves, and its centroid in tensor pixels. */
export function closeGaps(
  grid: SpreadGrid,
  region: Region,
): Region & { readonly centroid: PointPx | null } {
  const { side } = grid;
  const cells = spanned(spanned(region.cells, side, 1), side, 0);
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] === 0) continue;
    count++;
    sumX += cell % side;
    sumY += Math.floor(cell / side);
  }
  if (count === 0) return { cells, count, centroid: null };
  const xPx = grid.xPx + (CELL_PX * sumX) / count;
  return { cells, count, centroid: { xPx, yPx: grid.yPx + (CELL_PX * sumY) / count } };
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

/** Every cell within `CLOSE_CELLS` (a square) of one that is `value` becomes `value`. */
function spanned(cells: Uint8Array, side: number, value: 0 | 1): Uint8Array {
  const across = new Uint8Array(cells.length).fill(1 - value);
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] !== value) continue;
    const column = cell % side;
    const row = cell - column;
    const to = Math.min(side - 1, column + CLOSE_CELLS);
    across.fill(value, row + Math.max(0, column - CLOSE_CELLS), row + to + 1);
  }
  const both = new Uint8Array(across);
  for (let cell = 0; cell < across.length; cell++) {
    if (across[cell] !== value) continue;
    for (let step = 1; step <= CLOSE_CELLS; step++) {
      if (cell >= step * side) both[cell - step * side] = value;
      if (cell + step * side < both.length) both[cell + step * side] = value;
    }
  }
  return both;
}
