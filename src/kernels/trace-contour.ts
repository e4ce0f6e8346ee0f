import type { GridSize } from './kernels.js';

/** Directions of travel on the lattice of cell centres' dual: east, south, west, north. */
const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;

/**
 * Reference of `Kernels.traceContour`. Walks along the border between inside and outside cells with
 * the inside on the right hand, and puts a point between each pair of an inside and an outside cell
 * where the field crosses zero.
 */
export function traceContour(
  field: Float32Array,
  size: GridSize,
  startCell: number,
  points: Float32Array,
): number {
  const { width, height } = size;
  const startX = startCell % width;
  const startY = (startCell - startX) / width;
  let x = startX;
  let y = startY;
  // The walk goes east along the upper side of the topmost-leftmost cell first.
  let direction = 0;
  let count = 0;
  do {
    if (2 * count >= points.length) return count;
    // The outside neighbour lies to the left of the direction of travel.
    const outX = x + STEP_X[(direction + 3) & 3];
    const outY = y + STEP_Y[(direction + 3) & 3];
    const inside = field[y * width + x];
    const isBorder = outX < 0 || outY < 0 || outX >= width || outY >= height;
    const outside = isBorder ? -inside : field[outY * width + outX];
    const share = inside / (inside - outside);
    points[2 * count] = x + share * (outX - x);
    points[2 * count + 1] = y + share * (outY - y);
    count++;
    const aheadX = x + STEP_X[direction];
    const aheadY = y + STEP_Y[direction];
    const leftX = aheadX + (outX - x);
    const leftY = aheadY + (outY - y);
    if (!isInside(field, size, aheadX, aheadY)) {
      direction = (direction + 1) & 3;
    } else if (!isInside(field, size, leftX, leftY)) {
      x = aheadX;
      y = aheadY;
    } else {
      x = leftX;
      y = leftY;
      direction = (direction + 3) & 3;
    }
  } while (x !== startX || y !== startY || direction !== 0);
  return count;
}

function isInside(field: Float32Array, size: GridSize, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return false;
  return field[y * size.width + x] > 0;
}
