import { type BeamGrid, columnAt, columnMmAt, rowAt } from './beam-grid.js';

/** A rectangle of cells; the ends are exclusive. */
export interface CellRect {
  readonly column0: number;
  readonly row0: number;
  readonly column1: number;
  readonly row1: number;
}

/** The cells within a distance of a point, not clipped to the grid. */
export function rectAround(
  grid: BeamGrid,
  xMm: number,
  zMm: number,
  lateralMm: number,
  axialMm: number,
): CellRect {
  const row = rowAt(grid, xMm, zMm);
  const column = columnAt(grid, xMm, zMm);
  const columns = lateralMm / columnMmAt(grid, Math.max(0, row));
  const rows = axialMm / grid.rowMm;
  return {
    column0: Math.floor(column - columns),
    column1: Math.ceil(column + columns) + 1,
    row0: Math.floor(row - rows),
    row1: Math.ceil(row + rows) + 1,
  };
}

/** The smallest rectangle that holds both. */
export function hullOf(a: CellRect, b: CellRect): CellRect {
  return {
    column0: Math.min(a.column0, b.column0),
    row0: Math.min(a.row0, b.row0),
    column1: Math.max(a.column1, b.column1),
    row1: Math.max(a.row1, b.row1),
  };
}

/** The part inside the grid; null if there is none. */
export function clipToGrid(grid: BeamGrid, rect: CellRect): CellRect | null {
  const column0 = Math.max(0, rect.column0);
  const column1 = Math.min(grid.columns, rect.column1);
  const row0 = Math.max(0, rect.row0);
  const row1 = Math.min(grid.rows, rect.row1);
  return column0 < column1 && row0 < row1 ? { column0, row0, column1, row1 } : null;
}

/** The hull of all that exist; null if none does. */
export function uniteRects(rects: readonly (CellRect | null)[]): CellRect | null {
  let united: CellRect | null = null;
  for (const rect of rects) {
    if (rect !== null) united = united === null ? rect : hullOf(united, rect);
  }
  return united;
}
