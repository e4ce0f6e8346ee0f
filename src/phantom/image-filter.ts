import type { BeamGrid } from './beam-grid.js';

/** The scanner's own image processing on gray levels in beam space. */
export interface ImageFilter {
  /** Filters `levels` (0 to 255) in place; remembers them for persistence. */
  apply(levels: Float32Array): void;
}

/**
 * `smoothing` > 0 mixes in a 3 × 3 mean (above 1 a second one), < 0 sharpens edges by as much;
 * `persistence` is the share
 * of the previous image that stays.
 */
export function createImageFilter(
  grid: BeamGrid,
  smoothing: number,
  persistence: number,
): ImageFilter {
  const { columns, rows } = grid;
  const blurred = new Float32Array(columns * rows);
  const previous = new Float32Array(columns * rows);
  let hasPrevious = false;
  return {
    apply: (levels) => {
      if (Math.abs(smoothing) > 0.02) mixBlur(levels, blurred, grid, Math.min(1, smoothing));
      if (smoothing > 1) mixBlur(levels, blurred, grid, smoothing - 1);
      if (persistence <= 0) return;
      if (hasPrevious) {
        for (let cell = 0; cell < levels.length; cell++) {
          const level = levels[cell] as number;
          levels[cell] = level + persistence * ((previous[cell] as number) - level);
        }
      }
      previous.set(levels);
      hasPrevious = true;
    },
  };
}

/** Moves every level towards the mean around it by a share (away from it if negative). */
function mixBlur(levels: Float32Array, blurred: Float32Array, grid: BeamGrid, share: number): void {
  blur(levels, blurred, grid.columns, grid.rows);
  for (let cell = 0; cell < levels.length; cell++) {
    const level = levels[cell] as number;
    const mixed = level + share * ((blurred[cell] as number) - level);
    levels[cell] = Math.min(255, Math.max(0, mixed));
  }
}

/** A 1-2-1 mean both ways; the border rows and columns stay as they are. */
function blur(source: Float32Array, target: Float32Array, columns: number, rows: number): void {
  target.set(source);
  for (let row = 1; row < rows - 1; row++) {
    const start = row * columns;
    let left = columnSum(source, start, columns);
    let middle = columnSum(source, start + 1, columns);
    for (let cell = start + 1; cell < start + columns - 1; cell++) {
      const right = columnSum(source, cell + 1, columns);
      target[cell] = (left + 2 * middle + right) / 16;
      left = middle;
      middle = right;
    }
  }
}

function columnSum(source: Float32Array, cell: number, columns: number): number {
  return (
    (source[cell - columns] as number) +
    2 * (source[cell] as number) +
    (source[cell + columns] as number)
  );
}
