import type { GridSize } from './kernels.js';

/** Reference of `Kernels.findPeaks`. */
export function findPeaks(
  values: Float32Array,
  size: GridSize,
  threshold: number,
  peaks: Int32Array,
): number {
  const { width, height } = size;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const value = values[cell];
      if (!(value >= threshold) || !isLocalMaximum(values, size, x, y)) continue;
      count = insert(values, peaks, count, cell);
    }
  }
  return count;
}

/** Not below any of its eight neighbours; among equal neighbours the first in row order wins. */
function isLocalMaximum(values: Float32Array, size: GridSize, x: number, y: number): boolean {
  const cell = y * size.width + x;
  const value = values[cell];
  for (let j = Math.max(0, y - 1); j <= Math.min(size.height - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(size.width - 1, x + 1); i++) {
      const other = j * size.width + i;
      const neighbour = values[other];
      if (neighbour > value || (neighbour === value && other < cell)) return false;
    }
  }
  return true;
}

/** Keeps `peaks` sorted by falling value; the weakest drops out when it is full. */
function insert(values: Float32Array, peaks: Int32Array, count: number, cell: number): number {
  const value = values[cell];
  let at = count;
  while (at > 0 && values[peaks[at - 1]] < value) {
    if (at < peaks.length) peaks[at] = peaks[at - 1];
    at--;
  }
  if (at < peaks.length) peaks[at] = cell;
  return Math.min(count + 1, peaks.length);
}
