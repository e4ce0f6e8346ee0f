/** Reference of `Kernels.simplifyContour` (Douglas and Peucker 1973, closed). */
export function simplifyContour(
  points: Float32Array,
  count: number,
  tolerance: number,
  keep: Uint8Array,
): number {
  keep.fill(0, 0, count);
  if (count === 0) return 0;
  const opposite = farthestFrom(points, count, 0);
  keep[0] = 1;
  keep[opposite] = 1;
  markBetween(points, count, 0, opposite, tolerance, keep);
  markBetween(points, count, opposite, count, tolerance, keep);
  let kept = 0;
  for (let index = 0; index < count; index++) kept += keep[index];
  return kept;
}

function farthestFrom(points: Float32Array, count: number, from: number): number {
  let best = from;
  let bestDistance = -1;
  for (let index = 0; index < count; index++) {
    const dx = points[2 * index] - points[2 * from];
    const dy = points[2 * index + 1] - points[2 * from + 1];
    const distance = dx * dx + dy * dy;
    if (distance > bestDistance) {
      best = index;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Marks what has to stay between two kept points; `last` may be `count`, which is point 0 again.
 */
function markBetween(
  points: Float32Array,
  count: number,
  first: number,
  last: number,
  tolerance: number,
  keep: Uint8Array,
): void {
  if (last - first < 2) return;
  const end = last === count ? 0 : last;
  const x0 = points[2 * first];
  const y0 = points[2 * first + 1];
  const dx = points[2 * end] - x0;
  const dy = points[2 * end + 1] - y0;
  const length = Math.sqrt(dx * dx + dy * dy);
  let worst = -1;
  let worstDistance = tolerance;
  for (let index = first + 1; index < last; index++) {
    const px = points[2 * index] - x0;
    const py = points[2 * index + 1] - y0;
    const distance =
      length > 0 ? Math.abs(px * dy - py * dx) / length : Math.sqrt(px * px + py * py);
    if (distance > worstDistance) {
      worst = index;
      worstDistance = distance;
    }
  }
  if (worst < 0) return;
  keep[worst] = 1;
  markBetween(points, count, first, worst, tolerance, keep);
  markBetween(points, count, worst, last, tolerance, keep);
}
