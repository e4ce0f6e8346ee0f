import type { PointPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';

/** Signed distance of a point from a closed polygon, mm: > 0 outside, < 0 inside. */
export function polygonDistanceMm(
  point: PointPx,
  contour: readonly PointPx[],
  spacing: Spacing,
): number {
  let least = Number.POSITIVE_INFINITY;
  let isInside = false;
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined) {
      least = Math.min(least, segmentDistanceMm(point, previous, corner, spacing));
      const crosses = corner.yPx > point.yPx !== previous.yPx > point.yPx;
      if (crosses) {
        const share = (point.yPx - corner.yPx) / (previous.yPx - corner.yPx);
        const x = corner.xPx + share * (previous.xPx - corner.xPx);
        if (point.xPx < x) isInside = !isInside;
      }
    }
    previous = corner;
  }
  return isInside ? -least : least;
}

function segmentDistanceMm(p: PointPx, a: PointPx, b: PointPx, spacing: Spacing): number {
  const dx = (b.xPx - a.xPx) * spacing.xMm;
  const dy = (b.yPx - a.yPx) * spacing.yMm;
  const px = (p.xPx - a.xPx) * spacing.xMm;
  const py = (p.yPx - a.yPx) * spacing.yMm;
  const squared = dx * dx + dy * dy;
  const along = squared > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squared)) : 0;
  return Math.hypot(px - along * dx, py - along * dy);
}
