import { RADIUS90_PER_SIGMA } from '../../domain/needle.js';
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
  const determinant = shape === null ? 0 : shape.xx * shape.yy - shape.xy * shape.xy;
  const { xx, xy, yy } =
    shape === null || determinant <= 0
      ? { xx: variance, xy: 0, yy: variance }
      : scaled(shape, variance / Math.sqrt(determinant));
  return {
    xx: xx * spacing.xMm * spacing.xMm,
    xy: xy * spacing.xMm * spacing.yMm,
    yy: yy * spacing.yMm * spacing.yMm,
  };
}

function scaled(shape: CovariancePx, by: number): CovariancePx {
  return { xx: shape.xx * by, xy: shape.xy * by, yy: shape.yy * by };
}
