import type { GridSize, Kernels } from '../../kernels/kernels.js';

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
/** A faint patch above or below counts when it is at least this high after one erosion, cells. */
const FAINT_ROWS = 2;

/** A connected patch of cells. */
interface Patch {
  cells: number;
  firstColumn: number;
  lastColumn: number;
  firstRow: number;
  lastRow: number;
}

/**
 * Finds the echo data among active cells. Speckle fills areas; letters, scales, rulers and gray
 * bars are thin. An opening with a 5 × 5 square removes what is thinner than five cells where it
 * stands apart or sticks out (not a line of text that lies along the echo data without a gap), and
 * the largest patch that is left is the echo data, together with others of a comparable size: a
 * bone's shadow can cut the image in two. Above and below it less is asked for, because the deep
 * part of an image is often only a few faint echoes, while screens put their rulers and menus
 * beside it.
 *
 * @param cells - share of active pixels of each cell, 0 to 255
 * @returns null when nothing is left: a flat image, an image of fewer than 5 × 5 cells
 */
export function findCellRegion(
  cells: Uint8Array,
  size: GridSize,
  kernels: Kernels,
): CellRegion | null {
  const active = cells.map((share) => (share >= ACTIVE_SHARE ? 1 : 0));
  const once = combine(active, size, 'all');
  const twice = combine(once, size, 'all');
  const core = keepPatches(twice, size, kernels, (patch, largest) => {
    return patch.cells >= PATCH_SHARE * largest;
  });
  if (!core.includes(1)) return null;
  const mask = combine(combine(core, size, 'any'), size, 'any');
  const { firstColumn, lastColumn } = bound(mask, size);
  const faint = keepPatches(once, size, kernels, (patch) => {
    const isWithin = patch.firstColumn >= firstColumn && patch.lastColumn <= lastColumn;
    return isWithin && patch.lastRow - patch.firstRow + 1 >= FAINT_ROWS;
  });
  const added = combine(faint, size, 'any');
  for (let cell = 0; cell < mask.length; cell++) mask[cell] = mask[cell] || (added[cell] ?? 0);
  return bound(mask, size);
}

/** Erosion (`all` nine cells set; outside counts as empty) or dilation (`any` set). */
function combine(source: Uint8Array, size: GridSize, rule: 'all' | 'any'): Uint8Array {
  const { width } = size;
  // Sums of three cells side by side, then of three of those on top of each other.
  const across = new Uint8Array(source.length);
  for (let cell = 0; cell < source.length; cell++) {
    const column = cell % width;
    const before = column > 0 ? source[cell - 1] : 0;
    const after = column + 1 < width ? source[cell + 1] : 0;
    across[cell] = before + source[cell] + after;
  }
  const target = new Uint8Array(source.length);
  const enough = rule === 'all' ? 9 : 1;
  for (let cell = 0; cell < source.length; cell++) {
    const above = cell >= width ? across[cell - width] : 0;
    const below = cell + width < source.length ? across[cell + width] : 0;
    target[cell] = above + across[cell] + below >= enough ? 1 : 0;
  }
  return target;
}

/**
 * Keeps the 4-connected patches that `isKept` accepts, which is also told the largest one's size.
 */
function keepPatches(
  cells: Uint8Array,
  size: GridSize,
  kernels: Kernels,
  isKept: (patch: Patch, largest: number) => boolean,
): Uint8Array {
  const patchOf = new Int32Array(cells.length);
  const count = kernels.labelComponents(cells, size, patchOf, new Int32Array(cells.length));
  const patches = Array.from({ length: count + 1 }, emptyPatch);
  for (let cell = 0; cell < cells.length; cell++) {
    if (patchOf[cell] !== 0) extend(patches[patchOf[cell]], cell, size);
  }
  const largest = Math.max(...patches.map((patch) => patch.cells));
  const kept = patches.map((patch) => patch.cells > 0 && isKept(patch, largest));
  const left = new Uint8Array(cells.length);
  for (let cell = 0; cell < left.length; cell++) left[cell] = kept[patchOf[cell]] ? 1 : 0;
  return left;
}

function emptyPatch(): Patch {
  return { cells: 0, firstColumn: Infinity, lastColumn: -1, firstRow: Infinity, lastRow: -1 };
}

function extend(patch: Patch, cell: number, size: GridSize): void {
  const column = cell % size.width;
  const row = (cell - column) / size.width;
  patch.cells++;
  patch.firstColumn = Math.min(patch.firstColumn, column);
  patch.lastColumn = Math.max(patch.lastColumn, column);
  patch.firstRow = Math.min(patch.firstRow, row);
  patch.lastRow = Math.max(patch.lastRow, row);
}

function bound(mask: Uint8Array, size: GridSize): CellRegion {
  const all = emptyPatch();
  for (let cell = 0; cell < mask.length; cell++) if (mask[cell] !== 0) extend(all, cell, size);
  const { firstColumn, lastColumn, firstRow, lastRow } = all;
  return { mask, firstColumn, lastColumn, firstRow, lastRow };
}
