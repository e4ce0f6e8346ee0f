import type { PointPx } from '../domain/geometry.js';
import type { Spacing } from '../domain/spacing.js';

/**
 * The point of a closed contour that is nearest to a place, measured in millimetres, because pixels
 * need not be square. null for a contour without points.
 */
export function nearestContourPoint(
  contour: readonly PointPx[],
  place: PointPx,
  spacing: Spacing,
): PointPx | null {
  let from = contour.at(-1);
  let nearest: PointPx | null = null;
  let nearestSquared = Number.POSITIVE_INFINITY;
  for (const to of contour) {
    if (from === undefined) break;
    const candidate = nearestOfSegment(from, to, place, spacing);
    const xMm = (candidate.xPx - place.xPx) * spacing.xMm;
    const yMm = (candidate.yPx - place.yPx) * spacing.yMm;
    const squared = xMm * xMm + yMm * yMm;
    if (squared < nearestSquared) {
      nearest = candidate;
      nearestSquared = squared;
    }
    from = to;
  }
  return nearest;
}

function nearestOfSegment(from: PointPx, to: PointPx, place: PointPx, spacing: Spacing): PointPx {
  const alongX = (to.xPx - from.xPx) * spacing.xMm;
  const alongY = (to.yPx - from.yPx) * spacing.yMm;
  const squared = alongX * alongX + alongY * alongY;
  if (squared === 0) return from;
  const placeX = (place.xPx - from.xPx) * spacing.xMm;
  const placeY = (place.yPx - from.yPx) * spacing.yMm;
  const share = Math.min(1, Math.max(0, (placeX * alongX + placeY * alongY) / squared));
  return {
    xPx: from.xPx + share * (to.xPx - from.xPx),
    yPx: from.yPx + share * (to.yPx - from.yPx),
  };
}
