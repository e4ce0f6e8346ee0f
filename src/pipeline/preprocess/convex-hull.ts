import type { PointPx } from '../../domain/geometry.js';

/** The convex hull (Andrew's monotone chain, 1979), without repeated or collinear points. */
export function convexHull(points: readonly PointPx[]): readonly PointPx[] {
  const sorted = [...points].sort((a, b) => a.xPx - b.xPx || a.yPx - b.yPx);
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(sorted: readonly PointPx[]): PointPx[] {
  const hull: PointPx[] = [];
  for (const point of sorted) {
    while (hull.length >= 2) {
      const a = hull[hull.length - 2];
      const b = hull[hull.length - 1];
      const turn = (b.xPx - a.xPx) * (point.yPx - a.yPx) - (b.yPx - a.yPx) * (point.xPx - a.xPx);
      if (turn > 0) break;
      hull.pop();
    }
    hull.push(point);
  }
  return hull;
}
