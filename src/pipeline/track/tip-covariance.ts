import type { CovariancePx } from '../../domain/needle-motion.js';
import type { Spacing } from '../../domain/spacing.js';
import {
  inShaftAxes,
  pointCovariance,
  type ShaftFilter,
  type ShaftSight,
  sightVariances,
} from './shaft-filter.js';

/** A followed tip farther than this from where it was measured, in sigmas, is a doubtful one. */
const DOUBT_SIGMAS = 2;

/**
 * Uncertainty of a tip that was measured in this frame, image axes: the filter's, and what the
 * filter cannot know of. It takes errors for new in every frame, but what makes a reader miss a tip
 * by a little is mostly still there in the next one: following does not make that part less;
 * and where filter and measurement contradict one another (a jerk, a reader that is too sure of
 * itself), one of them is wrong by as much.
 *
 * @param filter - after it took in the sight
 * @param lasting - share of the variance of a sight's error that lasts, 0 to 1
 */
export function tipCovariance(
  filter: ShaftFilter,
  sight: ShaftSight,
  lasting: number,
  spacing: Spacing,
): CovariancePx {
  const [alongVar, acrossVar] = sightVariances(filter, sight, spacing);
  const [along, across] = inShaftAxes(filter, sight.point, spacing);
  return pointCovariance(filter, spacing, {
    along: lasting * alongVar + doubt(along, alongVar),
    across: lasting * acrossVar + doubt(across, acrossVar),
  });
}

/** Square of what is left of a distance beyond two sigmas. */
function doubt(apartMm: number, variance: number): number {
  return Math.max(0, Math.abs(apartMm) - DOUBT_SIGMAS * Math.sqrt(variance)) ** 2;
}
