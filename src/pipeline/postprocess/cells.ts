import type { PointPx } from '../../domain/geometry.js';

/** A position in cells (cell centres at integers) in tensor pixels (pixel centres at integers). */
export function cellToTensor(x: number, y: number, stridePx: number): PointPx {
  return { xPx: cellCentre(x, stridePx), yPx: cellCentre(y, stridePx) };
}

/** The same along one axis. */
export function cellCentre(cell: number, stridePx: number): number {
  return (cell + 0.5) * stridePx - 0.5;
}

/** The logistic function: a logit as a probability. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
