/** Boundary pixels asked of one outline; evenly chosen, so that long outlines cost no more. */
const QUERIES_MAX = 96;

/** How far one pixel step is, right and down, in whatever unit the distance shall have. */
export interface PixelStep {
  readonly x: number;
  readonly y: number;
}

/**
 * The 95th percentile Hausdorff distance (HD95) of two outlines: the larger of the two directed
 * ones. Outlines are lists of pixels, numbered `y * widthPx + x`.
 *
 * @returns null when either is empty
 */
export function hausdorff95(
  a: readonly number[],
  b: readonly number[],
  widthPx: number,
  step: PixelStep,
): number | null {
  if (a.length === 0 || b.length === 0) return null;
  return Math.max(directed95(a, b, widthPx, step), directed95(b, a, widthPx, step));
}

function directed95(
  from: readonly number[],
  to: readonly number[],
  widthPx: number,
  step: PixelStep,
): number {
  const toX = Float32Array.from(to, (pixel) => (pixel % widthPx) * step.x);
  const toY = Float32Array.from(to, (pixel) => Math.floor(pixel / widthPx) * step.y);
  const queries = Math.min(QUERIES_MAX, from.length);
  const least = new Float64Array(queries);
  for (let k = 0; k < queries; k++) {
    const pixel = from[Math.floor((k * from.length) / queries)] ?? 0;
    const x = (pixel % widthPx) * step.x;
    const y = Math.floor(pixel / widthPx) * step.y;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < toX.length; i++) {
      const dx = (toX[i] ?? 0) - x;
      const dy = (toY[i] ?? 0) - y;
      const squared = dx * dx + dy * dy;
      if (squared < nearest) nearest = squared;
    }
    least[k] = Math.sqrt(nearest);
  }
  least.sort();
  return least[Math.max(1, Math.ceil(0.95 * queries)) - 1] ?? 0;
}
