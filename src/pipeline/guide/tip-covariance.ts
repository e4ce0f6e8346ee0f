import { RADIUS90_PER_SIGMA } from '../../domain/needle.js';
import type { CovariancePx } from '../../domain/needle-motion.js';
import type { Spacing } from '../../domain/spacing.js';
import type { CovarianceMm } from './distance-bound.js';

/**
 * Uncertainty of the tip in mm²: the track's, which has seen it in more than one frame; where there
 * is none (stills), that of the calibrated 90 % radius, the same in all directions.
 *
 * @param followed - null where the tip is not followed
 */
export function tipCovarianceMm(
  radius90Px: number,
  followed: CovariancePx | null,
  { xMm, yMm }: Spacing,
): CovarianceMm {
  const variance = (radius90Px / RADIUS90_PER_SIGMA) ** 2;
  const { xx, xy, yy } = followed ?? { xx: variance, xy: 0, yy: variance };
  return { xx: xx * xMm * xMm, xy: xy * xMm * yMm, yy: yy * yMm * yMm };
}
