/** Which cells of a grid belong to the echo data, and where they lie. */
export interface CellRegion {
  /** 1 = echo data. Row-major, columns × rows. */
  readonly mask: Uint8Array;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** Share of active pixels (of 255) that makes a cell active. */
const ACTIVE_SHARE = 38;
/** A separate patch counts when it has at least this share of the largest one's cells. */
const PATCH_SHARE = 0.08;

/**
 * Finds the echo data among active cells. Speckle fills areas; letters, scales, rulers and gray bars
 * are thin. An opening with a 3 × 3 square removes what is thinner than three cells, also where it
 * touches the echo data, and the largest patch that is left is the echo data, together with others
 * of a comparable size (a bone's shadow can cut the image in two).
 *
 * @param cells - share of active pixels of each cell, 0 to 255
 * @returns null when nothing is left: a flat image, an image of fewer than 3 × 3 cells
 */
export function findCellRegion(
  cells: Uint8Array,
  columns: number,
  rows: number,
): CellRegion | null {
  const active = cells.map((share) => (share >= ACTIVE_SHARE ? 1 : 0));
  const eroded = combine(active, columns, rows, 'all');
  const kept = keepLargePatches(eroded, columns, rows);
  if (kept === null) return null;
  const mask = combine(kept, columns, rows, 'any');
  return bound(mask, columns, rows);
}

/** Erosion (`all` nine cells set; outside counts as empty) or dilation (`any` set). */
function combine(
  source: Uint8Array,
  columns: number,
  rows: number,
  rule: 'all' | 'any',
): Uint8Array {
  const target = new Uint8Array(source.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let set = 0;
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
          set += source[r * columns + c] as number;
        }
      }
      target[row * columns + column] = rule === 'all' ? (set === 9 ? 1 : 0) : Math.min(1, set);
    }
  }
  return target;
}

/** Keeps the largest 4-connected patch and those comparable with it; null without any. */
function keepLargePatches(cells: Uint8Array, columns: number, rows: number): Uint8Array | null {
  const patchOf = new Int16Array(cells.length);
  const sizes: number[] = [0];
  const stack: number[] = [];
  for (let seed = 0; seed < cells.length; seed++) {
    if (cells[seed] === 0 || patchOf[seed] !== 0) continue;
    const patch = sizes.length;
    sizes.push(0);
    patchOf[seed] = patch;
    stack.push(seed);
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      sizes[patch] = (sizes[patch] as number) + 1;
      const column = cell % columns;
      const row = (cell - column) / columns;
      const next = [
        column > 0 ? cell - 1 : -1,
        column + 1 < columns ? cell + 1 : -1,
        row > 0 ? cell - columns : -1,
        row + 1 < rows ? cell + columns : -1,
      ];
      for (const other of next) {
        if (other < 0 || cells[other] === 0 || patchOf[other] !== 0) continue;
        patchOf[other] = patch;
        stack.push(other);
      }
    }
  }
  if (sizes.length === 1) return null;
  const smallest = PATCH_SHARE * Math.max(...sizes);
  return Uint8Array.from(patchOf, (patch) => {
    return patch > 0 && (sizes[patch] as number) >= smallest ? 1 : 0;
  });
}

function bound(mask: Uint8Array, columns: number, rows: number): CellRegion {
  let firstColumn = columns;
  let lastColumn = -1;
  let firstRow = rows;
  let lastRow = -1;
  for (let cell = 0; cell < mask.length; cell++) {
    if (mask[cell] === 0) continue;
    const column = cell % columns;
    const row = (cell - column) / columns;
    firstColumn = Math.min(firstColumn, column);
    lastColumn = Math.max(lastColumn, column);
    firstRow = Math.min(firstRow, row);
    lastRow = Math.max(lastRow, row);
  }
  return { mask, firstColumn, lastColumn, firstRow, lastRow };
}
