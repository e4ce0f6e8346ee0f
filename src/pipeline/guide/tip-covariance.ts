import { RADIUS90_PER_SIGMA, radius90OfAxes } from '../../domain/needle.js';
import type { CovariancePx } from '../../domain/needle-motion.js';
import type { Spacing } from '../../domain/spacing.js';
import type { CovarianceMm } from './distance-bound.js';

/**
 * Uncertainty of the tip in mm². Its size is the calibrated 90 % radius; the track's covariance
 * says how it is spread along and across the shaft.
 *
 * @param shape - null where nothing is known of the spread: the same in all directions
 */
export function tipCovarianceMm(
  radius90Px: number,
  shape: CovariancePx | null,
  spacing: Spacing,
): CovarianceMm {
  const variance = (radius90Px / RADIUS90_PER_SIGMA) ** 2;
  const shapeRadius = shape === null ? 0 : radius90Of(shape);
  const { xx, xy, yy } =
    shape === null || shapeRadius === 0
      ? { xx: variance, xy: 0, yy: variance }
      : scaled(shape, (radius90Px / shapeRadius) ** 2);
  return {
    xx: xx * spacing.xMm * spacing.xMm,
    xy: xy * spacing.xMm * spacing.yMm,
    yy: yy * spacing.yMm * spacing.yMm,
  };
}

/** 90 % radius of a covariance, from the variances along its axes. */
function radius90Of({ xx, xy, yy }: CovariancePx): number {
  const mean = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  return radius90OfAxes(Math.sqrt(Math.max(0, mean + apart)), Math.sqrt(Math.max(0, mean - apart)));
}

function scaled(shape: CovariancePx, by: number): CovariancePx {
  return { xx: shape.xx * by, xy: shape.xy * by, yy: shape.yy * by };
}
