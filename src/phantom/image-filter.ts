import type { BeamGrid } from './beam-grid.js';
import type { DisplayScript } from './display-script.js';

/** See `DisplayScript`. */
export type ImageFilterOptions = Pick<DisplayScript, 'smoothing' | 'despeckle' | 'persistence'>;

/** The scanner's own image processing on gray levels in beam space. */
export interface ImageFilter {
  /** Filters `levels` (0 to 255) in place; remembers them for persistence. */
  apply(levels: Float32Array): void;
}

/**
 * `smoothing` > 0 mixes in a 3 × 3 mean (above 1 more of them), < 0 sharpens edges by as much;
 * `despeckle` counts steps of diffusion; `persistence` is the share of the previous image that
 * stays.
 */
export function createImageFilter(
  grid: BeamGrid,
  { smoothing, despeckle, persistence }: ImageFilterOptions,
): ImageFilter {
  const { columns, rows } = grid;
  const blurred = new Float32Array(columns * rows);
  const previous = new Float32Array(columns * rows);
  let hasPrevious = false;
  return {
    apply: (levels) => {
      for (let step = 0; step < despeckle; step++) diffuse(levels, blurred, grid);
      if (Math.abs(smoothing) > 0.02) mixBlur(levels, blurred, grid, Math.min(1, smoothing));
      for (let left = smoothing - 1; left > 0; left--) {
        mixBlur(levels, blurred, grid, Math.min(1, left));
      }
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

/** Differences of this many levels and more are edges, which diffusion leaves nearly alone. */
const EDGE_LEVELS = 26;
const FLOW = createFlow();

/** Flow between neighbours by their difference, −255 to 255 (Perona and Malik's, bounded). */
function createFlow(): Float32Array {
  const flow = new Float32Array(511);
  for (let step = 0; step < flow.length; step++) {
    const difference = step - 255;
    flow[step] = (0.22 * difference) / (1 + (difference / EDGE_LEVELS) ** 2);
  }
  return flow;
}

/** One step of diffusion; the border rows and columns stay as they are. */
function diffuse(levels: Float32Array, before: Float32Array, grid: BeamGrid): void {
  const { columns, rows } = grid;
  before.set(levels);
  for (let row = 1; row < rows - 1; row++) {
    for (let cell = row * columns + 1; cell < (row + 1) * columns - 1; cell++) {
      const level = before[cell] as number;
      const from = 255.5 - level;
      const gain =
        (FLOW[((before[cell - 1] as number) + from) | 0] as number) +
        (FLOW[((before[cell + 1] as number) + from) | 0] as number) +
        (FLOW[((before[cell - columns] as number) + from) | 0] as number) +
        (FLOW[((before[cell + columns] as number) + from) | 0] as number);
      levels[cell] = Math.min(255, Math.max(0, level + gain));
    }
  }
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
