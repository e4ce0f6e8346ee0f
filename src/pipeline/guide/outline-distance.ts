import type { PointMm, PointPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';

/** How far a point is from an outline, and in which direction that distance is measured. */
export interface OutlineDistance {
  /** Signed, mm: > 0 outside, < 0 inside. */
  readonly distanceMm: number;
  /** Unit vector along which the signed distance grows fastest: away from the structure. */
  readonly away: PointMm;
}

/** Signed distance of a point from a closed polygon. */
export function outlineDistance(
  point: PointPx,
  contour: readonly PointPx[],
  spacing: Spacing,
): OutlineDistance {
  let least = Number.POSITIVE_INFINITY;
  let away: PointMm = { xMm: 0, yMm: -1 };
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined) {
      const gap = gapTo(point, previous, corner, spacing);
      const distance = Math.hypot(gap.xMm, gap.yMm);
      if (distance < least) {
        least = distance;
        away = distance > 0 ? unit(gap) : normalOf(previous, corner, spacing);
      }
    }
    previous = corner;
  }
  if (!isInside(point, contour)) return { distanceMm: least, away };
  // Adding 0 turns −0 into 0.
  return { distanceMm: 0 - least, away: { xMm: 0 - away.xMm, yMm: 0 - away.yMm } };
}

/** Whether a point lies inside a closed polygon (even-odd rule). */
export function isInside(point: PointPx, contour: readonly PointPx[]): boolean {
  let inside = false;
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined && corner.yPx > point.yPx !== previous.yPx > point.yPx) {
      const share = (point.yPx - corner.yPx) / (previous.yPx - corner.yPx);
      if (point.xPx < corner.xPx + share * (previous.xPx - corner.xPx)) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

/** From the nearest point of the segment a b to p, mm. */
function gapTo(p: PointPx, a: PointPx, b: PointPx, spacing: Spacing): PointMm {
  const dx = (b.xPx - a.xPx) * spacing.xMm;
  const dy = (b.yPx - a.yPx) * spacing.yMm;
  const px = (p.xPx - a.xPx) * spacing.xMm;
  const py = (p.yPx - a.yPx) * spacing.yMm;
  const squared = dx * dx + dy * dy;
  const along = squared > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squared)) : 0;
  return { xMm: px - along * dx, yMm: py - along * dy };
}

function unit(vector: PointMm): PointMm {
  const length = Math.hypot(vector.xMm, vector.yMm);
  return { xMm: vector.xMm / length, yMm: vector.yMm / length };
}

/** A unit vector across an edge, for a point that lies on it. */
function normalOf(a: PointPx, b: PointPx, spacing: Spacing): PointMm {
  const across = { xMm: (b.yPx - a.yPx) * spacing.yMm, yMm: (a.xPx - b.xPx) * spacing.xMm };
  return across.xMm === 0 && across.yMm === 0 ? { xMm: 0, yMm: -1 } : unit(across);
}
