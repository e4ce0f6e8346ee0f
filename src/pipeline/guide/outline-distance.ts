import type { PointMm, PointPx, SegmentPx } from '../../domain/geometry.js';
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
  let gapX = 0;
  let gapY = 0;
  let across: PointMm = { xMm: 0, yMm: -1 };
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined) {
      // Shortest way from the edge to the point, mm; written out, since all edges are tried.
      const dx = (corner.xPx - previous.xPx) * spacing.xMm;
      const dy = (corner.yPx - previous.yPx) * spacing.yMm;
      const px = (point.xPx - previous.xPx) * spacing.xMm;
      const py = (point.yPx - previous.yPx) * spacing.yMm;
      const squared = dx * dx + dy * dy;
      const along = squared > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squared)) : 0;
      const x = px - along * dx;
      const y = py - along * dy;
      const gap = x * x + y * y;
      if (gap < least) {
        least = gap;
        gapX = x;
        gapY = y;
        if (gap === 0) across = normalOf(previous, corner, spacing);
      }
    }
    previous = corner;
  }
  const distanceMm = Math.sqrt(least);
  const away = distanceMm > 0 ? { xMm: gapX / distanceMm, yMm: gapY / distanceMm } : across;
  if (!isInside(point, contour)) return { distanceMm, away };
  // Taken from 0, so that 0 stays 0 and does not become −0.
  return { distanceMm: 0 - distanceMm, away: { xMm: 0 - away.xMm, yMm: 0 - away.yMm } };
}

/** Squared distance of a point from the nearest edge of a closed polygon, mm²; of either side. */
export function edgeDistanceSquared(
  point: PointPx,
  contour: readonly PointPx[],
  spacing: Spacing,
): number {
  return boundFrom(point, 0, 0, contour, spacing);
}

/**
 * What the squared distance from the nearest edge, mm², exceeds nowhere on a segment. The distance
 * from one edge is convex along the segment, so it is greatest at one of its ends.
 */
export function edgeDistanceSquaredBound(
  { from, to }: SegmentPx,
  contour: readonly PointPx[],
  spacing: Spacing,
): number {
  const backX = (from.xPx - to.xPx) * spacing.xMm;
  const backY = (from.yPx - to.yPx) * spacing.yMm;
  return boundFrom(from, backX, backY, contour, spacing);
}

/** The same for a segment by its start and by the way back to it from its end, mm. */
function boundFrom(
  { xPx, yPx }: PointPx,
  backX: number,
  backY: number,
  contour: readonly PointPx[],
  { xMm, yMm }: Spacing,
): number {
  const last = contour.at(-1);
  let least = Number.POSITIVE_INFINITY;
  if (last === undefined) return least;
  let fromX = (last.xPx - xPx) * xMm;
  let fromY = (last.yPx - yPx) * yMm;
  for (const corner of contour) {
    const toX = (corner.xPx - xPx) * xMm;
    const toY = (corner.yPx - yPx) * yMm;
    const atStart = originToEdge(fromX, fromY, toX, toY);
    if (atStart < least) {
      const atEnd = originToEdge(fromX + backX, fromY + backY, toX + backX, toY + backY);
      least = Math.min(least, Math.max(atStart, atEnd));
    }
    fromX = toX;
    fromY = toY;
  }
  return least;
}

/** Squared distance of the origin from an edge. */
function originToEdge(fromX: number, fromY: number, toX: number, toY: number): number {
  const dx = toX - fromX;
  const dy = toY - fromY;
  const squared = dx * dx + dy * dy;
  const share = squared > 0 ? -(fromX * dx + fromY * dy) / squared : 0;
  const along = share <= 0 ? 0 : Math.min(share, 1);
  const x = fromX + along * dx;
  const y = fromY + along * dy;
  return x * x + y * y;
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

/** A unit vector across an edge, for a point that lies on it. */
function normalOf(a: PointPx, b: PointPx, spacing: Spacing): PointMm {
  const across = { xMm: (b.yPx - a.yPx) * spacing.yMm, yMm: (a.xPx - b.xPx) * spacing.xMm };
  const length = Math.hypot(across.xMm, across.yMm);
  if (length === 0) return { xMm: 0, yMm: -1 };
  return { xMm: across.xMm / length, yMm: across.yMm / length };
}
