import type { BeamGrid } from './beam-grid.js';

/** Acoustic properties of every cell at rest, on one grid. */
export interface TissueMaps {
  /** Scatterer strength: amplitude relative to muscle. */
  readonly scatter: Float32Array;
  /** Coherent echo of interfaces, amplitude relative to muscle. */
  readonly interfaces: Float32Array;
  /** Two-way loss within the cell, dB. */
  readonly lossDb: Float32Array;
  /** Index into `PHANTOM_CLASSES`. */
  readonly labels: Uint8Array;
}

/**
 * Lateral position that layers and lines use: along the face at half depth for curved probes, mm.
 */
export function lateralMm(grid: BeamGrid, column: number): number {
  const lateral = grid.firstColumn + column * grid.pitch;
  if (grid.geometry === 'linear') return lateral;
  return lateral * (grid.radiusMm + 0.5 * grid.rows * grid.rowMm);
}

/** Adds a line's amplitude at a fractional row of a column, split between two cells. */
export function splat(
  map: Float32Array,
  grid: BeamGrid,
  column: number,
  row: number,
  amplitude: number,
): void {
  const upper = Math.floor(row);
  if (upper < 0 || upper + 1 >= grid.rows || column < 0 || column >= grid.columns) return;
  const share = row - upper;
  const cell = upper * grid.columns + column;
  map[cell] = Math.max(map[cell] as number, amplitude * (1 - share));
  const below = cell + grid.columns;
  map[below] = Math.max(map[below] as number, amplitude * share);
}
