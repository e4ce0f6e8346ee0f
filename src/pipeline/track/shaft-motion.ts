import { type PointPx, type RectPx, stepsToEdge } from '../../domain/geometry.js';
import type { CovariancePx, NeedleMotion } from '../../domain/needle-motion.js';
import type { FrameContext } from '../frame-context.js';
import { alongAsOne, modesOf } from './along-shaft.js';
import type { ShaftFilter } from './shaft-filter.js';

const DEGREES = 180 / Math.PI;

/**
 * What a filter says about the movement of its point.
 *
 * @param tipCovariance - of that point, image axes
 */
export function motionOf(
  filter: ShaftFilter,
  of: NeedleMotion['of'],
  sinceUs: number,
  tipCovariance: CovariancePx,
  { spacing, gateSpacing, region }: FrameContext,
): NeedleMotion {
  const along = alongAsOne(filter.along);
  const { point, across, angle } = filter;
  const { xMm, yMm } = gateSpacing;
  const cos = Math.cos(angle.value);
  const sin = Math.sin(angle.value);
  const headingPx = { xPx: cos / xMm, yPx: sin / yMm };
  const entry = entryOf(point, headingPx, region);
  const dx = point.xPx - entry.xPx;
  const dy = point.yPx - entry.yPx;
  const isScaled = spacing !== null;
  return {
    of,
    sinceUs,
    speedMmPerS: isScaled ? along.rate : null,
    speedSigmaMmPerS: isScaled ? Math.sqrt(along.rateVar) : null,
    velocityPxPerS: {
      xPx: (along.rate * cos - across.rate * sin) / xMm,
      yPx: (along.rate * sin + across.rate * cos) / yMm,
    },
    headingDeg: DEGREES * Math.atan2(sin, cos),
    headingSigmaDeg: DEGREES * Math.sqrt(angle.valueVar),
    entry,
    insertionDepthMm: isScaled ? Math.hypot(dx * xMm, dy * yMm) : null,
    insertionDepthPx: Math.hypot(dx, dy),
    tipCovariance,
    modes: modesOf(filter.along),
  };
}

/** Where a line that leads to a point enters a rectangle; the point itself when it lies outside. */
function entryOf(point: PointPx, direction: PointPx, region: RectPx): PointPx {
  const back = { xPx: -direction.xPx, yPx: -direction.yPx };
  const steps = Math.max(0, stepsToEdge(point, back, region));
  return { xPx: point.xPx + steps * back.xPx, yPx: point.yPx + steps * back.yPx };
}
