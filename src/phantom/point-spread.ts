import { type BeamGrid, columnMmAt } from './beam-grid.js';

/**
 * The envelope of a scanner's point-spread function: separable and Gaussian, sharpest laterally and
 * in elevation at a focus. Standard deviations in mm. The axial one is constant (a pulse keeps its
 * length well enough over these depths).
 */
export interface PointSpread {
  readonly axialSigmaMm: number;
  /** At the focus. */
  readonly lateralSigmaMm: number;
  readonly focusMm: number;
  /** Distance from the focus at which the lateral width has grown by √2. */
  readonly focusRangeMm: number;
  /** Half thickness of the image plane at its thinnest (the same focus is used). */
  readonly elevationSigmaMm: number;
}

/** Lateral standard deviation at a depth, mm (a Gaussian beam's hourglass). */
export function lateralSigmaMmAt(spread: PointSpread, depthMm: number): number {
  return spread.lateralSigmaMm * hourglass(spread, depthMm);
}

/** Standard deviation across the image plane at a depth, mm. */
export function elevationSigmaMmAt(spread: PointSpread, depthMm: number): number {
  return spread.elevationSigmaMm * hourglass(spread, depthMm);
}

function hourglass(spread: PointSpread, depthMm: number): number {
  const offset = (depthMm - spread.focusMm) / spread.focusRangeMm;
  return Math.min(4, Math.sqrt(1 + offset * offset));
}

/**
 * How the taps are scaled: `power` keeps the variance of white noise (for scatterers); `peak` keeps
 * the height of a thin line that lies across the beams (for interfaces).
 */
export type SpreadNorm = 'power' | 'peak';

/** Convolves a field on the grid with the point spread, in place. */
export function spreadField(
  field: Float32Array,
  grid: BeamGrid,
  spread: PointSpread,
  norm: SpreadNorm,
): void {
  spreadAxially(field, grid, spread.axialSigmaMm / grid.rowMm, norm);
  const { columns, rows } = grid;
  const padded = new Float32Array(columns + 2 * MAX_RADIUS);
  for (let row = 0; row < rows; row++) {
    const depthMm = grid.firstRowMm + row * grid.rowMm;
    const taps = createTaps(lateralSigmaMmAt(spread, depthMm) / columnMmAt(grid, row));
    scaleTaps(taps, norm === 'power' ? 'power' : 'sum');
    spreadRow(field, row * columns, columns, taps, padded);
  }
}

const MAX_RADIUS = 24;

function spreadRow(
  field: Float32Array,
  start: number,
  columns: number,
  taps: Float32Array,
  padded: Float32Array,
): void {
  const radius = (taps.length - 1) >> 1;
  const first = field[start] as number;
  const last = field[start + columns - 1] as number;
  padded.fill(first, 0, radius);
  padded.set(field.subarray(start, start + columns), radius);
  padded.fill(last, radius + columns, columns + 2 * radius);
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap++) {
      sum += (taps[tap] as number) * (padded[column + tap] as number);
    }
    field[start + column] = sum;
  }
}

function spreadAxially(
  field: Float32Array,
  grid: BeamGrid,
  sigmaRows: number,
  norm: SpreadNorm,
): void {
  const taps = createTaps(sigmaRows);
  scaleTaps(taps, norm === 'power' ? 'power' : 'peak');
  const radius = (taps.length - 1) >> 1;
  const { columns, rows } = grid;
  const source = field.slice();
  field.fill(0);
  for (let row = 0; row < rows; row++) {
    const target = row * columns;
    for (let tap = 0; tap < taps.length; tap++) {
      const from = Math.min(rows - 1, Math.max(0, row + tap - radius)) * columns;
      const weight = taps[tap] as number;
      for (let column = 0; column < columns; column++) {
        field[target + column] =
          (field[target + column] as number) + weight * (source[from + column] as number);
      }
    }
  }
}

function createTaps(sigma: number): Float32Array {
  const radius = Math.min(MAX_RADIUS, Math.ceil(2.5 * sigma));
  const taps = new Float32Array(2 * radius + 1);
  const scale = -0.5 / Math.max(1e-3, sigma * sigma);
  for (let tap = -radius; tap <= radius; tap++) taps[tap + radius] = Math.exp(scale * tap * tap);
  return taps;
}

function scaleTaps(taps: Float32Array, norm: 'power' | 'peak' | 'sum'): void {
  let sum = 0;
  let power = 0;
  for (const tap of taps) {
    sum += tap;
    power += tap * tap;
  }
  const scale = norm === 'power' ? 1 / Math.sqrt(power) : norm === 'sum' ? 1 / sum : 1;
  for (let index = 0; index < taps.length; index++) taps[index] = (taps[index] as number) * scale;
}
