import { type PointMm, type PointPx, pointAt, type SegmentPx } from '../../domain/geometry.js';
import { distanceMm, type Spacing } from '../../domain/spacing.js';
import {
  edgeDistanceSquared,
  edgeDistanceSquaredBound,
  isInside,
  type OutlineDistance,
  outlineDistance,
} from './outline-distance.js';

/** How near a segment passes an outline, or how deep it runs inside it. */
export interface SegmentClearance extends OutlineDistance {
  /** From the segment's start to the place where that is, mm. */
  readonly alongMm: number;
  /** From the segment's start to where it first is inside, mm; null when it never is. */
  readonly entersAtMm: number | null;
}

/** How much deeper than the depth that is said a segment may run, mm: far below a pixel. */
const DEPTH_TOLERANCE_MM = 0.01;

/** Signed distance of a whole segment from a closed polygon: the least over its points. */
export function segmentClearance(
  segment: SegmentPx,
  contour: readonly PointPx[],
  spacing: Spacing,
): SegmentClearance {
  const lengthMm = distanceMm(segment.from, segment.to, spacing);
  const inside = stretchesInside(segment, contour);
  const [first] = inside;
  if (first === undefined) {
    const share = nearestShare(segment, contour, spacing);
    const nearest = outlineDistance(pointAt(segment, share), contour, spacing);
    const { distanceMm: leastMm, away } = nearest;
    return { distanceMm: leastMm, away, alongMm: share * lengthMm, entersAtMm: null };
  }
  const share = deepestShare(segment, contour, spacing, inside);
  const deepest = outlineDistance(pointAt(segment, share), contour, spacing);
  const { distanceMm: leastMm, away } = deepest;
  const entersAtMm = first.from * lengthMm;
  return { distanceMm: leastMm, away, alongMm: share * lengthMm, entersAtMm };
}

/** A stretch of a segment, as shares of it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A crossing this near to a corner counts for both of its edges, so that none slips through. */
const CORNER = 1e-9;

/** The stretches of a segment that lie inside an outline: between crossings nothing changes. */
function stretchesInside(segment: SegmentPx, contour: readonly PointPx[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const to of [...crossingsOf(segment, contour), 1]) {
    const isStretch = to > from && isInside(pointAt(segment, (from + to) / 2), contour);
    if (isStretch) stretches.push({ from, to });
    from = to;
  }
  return stretches;
}

/** Where the segment crosses the outline, as shares in rising order. */
function crossingsOf({ from, to }: SegmentPx, contour: readonly PointPx[]): readonly number[] {
  const dx = to.xPx - from.xPx;
  const dy = to.yPx - from.yPx;
  const shares: number[] = [];
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined) {
      const ex = corner.xPx - previous.xPx;
      const ey = corner.yPx - previous.yPx;
      const cross = dx * ey - dy * ex;
      const ax = previous.xPx - from.xPx;
      const ay = previous.yPx - from.yPx;
      const share = (ax * ey - ay * ex) / cross;
      const onEdge = (ax * dy - ay * dx) / cross;
      const isOnEdge = onEdge >= -CORNER && onEdge <= 1 + CORNER;
      if (cross !== 0 && share >= 0 && share <= 1 && isOnEdge) shares.push(share);
    }
    previous = corner;
  }
  return shares.length > 1 ? shares.sort((a, b) => a - b) : shares;
}

/** Share of the point of a segment that is nearest to an outline which it does not touch. */
function nearestShare(segment: SegmentPx, contour: readonly PointPx[], spacing: Spacing): number {
  const { from, to } = segment;
  const d = between(from, to, spacing);
  const squared = d.xMm * d.xMm + d.yMm * d.yMm;
  const atStart = edgeDistanceSquared(from, contour, spacing);
  const atEnd = edgeDistanceSquared(to, contour, spacing);
  let best = Math.min(atStart, atEnd);
  let share = atEnd < atStart ? 1 : 0;
  for (const corner of contour) {
    const ax = (corner.xPx - from.xPx) * spacing.xMm;
    const ay = (corner.yPx - from.yPx) * spacing.yMm;
    const at = squared > 0 ? (ax * d.xMm + ay * d.yMm) / squared : 0;
    if (at < 0 || at > 1) continue;
    const x = ax - at * d.xMm;
    const y = ay - at * d.yMm;
    const gap = x * x + y * y;
    if (gap < best) {
      best = gap;
      share = at;
    }
  }
  return share;
}

/**
 * Share of the deepest point inside: none is deeper by more than the tolerance. A stretch is
 * halved until its bound says that it has nothing deeper.
 */
function deepestShare(
  segment: SegmentPx,
  contour: readonly PointPx[],
  spacing: Spacing,
  inside: readonly Stretch[],
): number {
  let best = inside[0]?.from ?? 0;
  let deepestMm = 0;
  const open: Stretch[] = [...inside];
  for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
    const { from, to } = stretch;
    const ends = { from: pointAt(segment, from), to: pointAt(segment, to) };
    const boundMm = Math.sqrt(edgeDistanceSquaredBound(ends, contour, spacing));
    const mayBeDeeper = boundMm > deepestMm + DEPTH_TOLERANCE_MM;
    if (!mayBeDeeper) continue;
    const middle = (from + to) / 2;
    const depthMm = Math.sqrt(edgeDistanceSquared(pointAt(segment, middle), contour, spacing));
    if (depthMm > deepestMm) {
      deepestMm = depthMm;
      best = middle;
    }
    open.push({ from, to: middle }, { from: middle, to });
  }
  return best;
}

function between(a: PointPx, b: PointPx, spacing: Spacing): PointMm {
  return { xMm: (b.xPx - a.xPx) * spacing.xMm, yMm: (b.yPx - a.yPx) * spacing.yMm };
}
