import type { PointMm } from '../../domain/geometry.js';
import type { OutlineError } from '../../domain/outline-error.js';

/** A symmetric 2 × 2 matrix of variances and covariance, image axes, mm². */
export interface CovarianceMm {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** 90 % quantile of the standard normal distribution, one-sided. */
const QUANTILE_90 = 1.2816;

/**
 * Of an outline whose class nobody has measured. A value of design: about half a cell of the
 * network's 64 × 64 grid at 40 mm depth (0.63 mm a cell), with a third for where human readers
 * would draw it.
 */
export const ASSUMED_OUTLINE_ERROR: OutlineError = { biasMm: 0, sigmaMm: 0.4 };

/**
 * Relative standard deviation of the spacing that the cart states. Calibration of mm per pixel is
 * good to 1 to 2 % (scanner distance accuracy).
 */
export const SPACING_SIGMA = 0.015;

/** What makes a distance uncertain. */
export interface DistanceError {
  /** Of the point that the distance is measured from. */
  readonly covariance: CovarianceMm;
  /** Unit vector along which the distance is measured. */
  readonly direction: PointMm;
  /** Of what it is measured to, along that direction, mm (standard deviation). */
  readonly otherSigmaMm: number;
}

/**
 * Standard deviation of a distance: only the part of the point's uncertainty that lies along the
 * distance counts, so a tip that is well known across its shaft has a tight bound beside it.
 *
 *   σ² = nᵀ Σ n + σ_other² + (σ_spacing · d)²
 */
export function distanceSigmaMm(distanceMm: number, error: DistanceError): number {
  const { covariance: s, direction: n } = error;
  const along = n.xMm * n.xMm * s.xx + 2 * n.xMm * n.yMm * s.xy + n.yMm * n.yMm * s.yy;
  const scale = SPACING_SIGMA * distanceMm;
  return Math.sqrt(Math.max(0, along) + error.otherSigmaMm ** 2 + scale * scale);
}

/** The distance below which the truth lies in one case of ten: d − 1.28 σ. */
export function lowerBoundMm(distanceMm: number, error: DistanceError): number {
  return distanceMm - QUANTILE_90 * distanceSigmaMm(distanceMm, error);
}

/** The distance above which the truth lies in one case of ten: d + 1.28 σ. */
export function upperBoundMm(distanceMm: number, error: DistanceError): number {
  return distanceMm + QUANTILE_90 * distanceSigmaMm(distanceMm, error);
}
