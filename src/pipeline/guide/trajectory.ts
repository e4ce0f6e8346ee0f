import type { PointPx, RectPx, SegmentPx } from '../../domain/geometry.js';
import type { Trajectory } from '../../domain/trajectory.js';

/** Shortest shaft that says where it is heading, px. */
const SHAFT_MIN_PX = 2;

/**
 * Extends the shaft beyond its far end to the edge of the region of interest: where a straight
 * needle goes when it is pushed on.
 *
 * @returns null without a direction, and when the end lies outside the region
 */
export function trajectoryOf(shaft: SegmentPx | null, region: RectPx): Trajectory | null {
  if (shaft === null) return null;
  const { from, to } = shaft;
  const dx = to.xPx - from.xPx;
  const dy = to.yPx - from.yPx;
  if (Math.hypot(dx, dy) < SHAFT_MIN_PX || !isInside(to, region)) return null;
  const stepsX = stepsTo(to.xPx, dx, region.xPx, region.xPx + region.widthPx - 1);
  const stepsY = stepsTo(to.yPx, dy, region.yPx, region.yPx + region.heightPx - 1);
  const steps = Math.min(stepsX, stepsY);
  return {
    segment: { from: to, to: { xPx: to.xPx + steps * dx, yPx: to.yPx + steps * dy } },
    meets: null,
  };
}

function isInside(point: PointPx, region: RectPx): boolean {
  return (
    point.xPx >= region.xPx &&
    point.yPx >= region.yPx &&
    point.xPx <= region.xPx + region.widthPx - 1 &&
    point.yPx <= region.yPx + region.heightPx - 1
  );
}

/** How many times the step fits until an edge. */
function stepsTo(at: number, step: number, low: number, high: number): number {
  if (step > 0) return (high - at) / step;
  return step < 0 ? (low - at) / step : Number.POSITIVE_INFINITY;
}
