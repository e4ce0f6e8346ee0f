import type { PointPx } from './geometry.js';

/** A symmetric 2 × 2 matrix of variances and covariance, image axes, px². */
export interface CovariancePx {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** How probable each way to handle the needle is at this moment; they sum to 1. */
export interface MotionModes {
  /** Held still. */
  readonly stationary: number;
  /** Pushed on or drawn back at a steady speed. */
  readonly advancing: number;
  /** Moved to and fro, or jerked. */
  readonly reciprocating: number;
}

/**
 * How the needle moves, from the track; relative to the tissue, whose own movement under the probe
 * is taken out. Lengths and speeds in mm are null where the spacing is unknown.
 *
 * `of` is what moves: the `tip` where one is followed, else the `visible-end` of a shaft whose tip
 * may be beyond; that end says whether the needle moves, not where its tip is.
 */
export interface NeedleMotion {
  readonly of: 'tip' | 'visible-end';
  /** When this point began to be followed, clock of `nowUs`; another value is another track. */
  readonly sinceUs: number;
  /** Along the shaft, > 0 into the tissue, < 0 when drawn back. */
  readonly speedMmPerS: number | null;
  /** Standard deviation of that speed. */
  readonly speedSigmaMmPerS: number | null;
  /** Movement of the point relative to the tissue, px/s. */
  readonly velocityPxPerS: PointPx;
  /**
   * Direction from the entry to the tip, −180 to 180: 0 points along +x, 90 straight down. An angle
   * in mm where the spacing is known, in image pixels where it is not.
   */
  readonly headingDeg: number;
  /** Standard deviation of the heading. */
  readonly headingSigmaDeg: number;
  /** Where the shaft's line enters the region of interest, image pixels. */
  readonly entry: PointPx;
  /** From there to the point along the shaft. */
  readonly insertionDepthMm: number | null;
  /** The same in image pixels. */
  readonly insertionDepthPx: number;
  /**
   * Of the point's position as followed, along and across the shaft; of a tip that was measured in
   * this frame with the part of the reader's error that following does not average out.
   */
  readonly tipCovariance: CovariancePx;
  readonly modes: MotionModes;
}
