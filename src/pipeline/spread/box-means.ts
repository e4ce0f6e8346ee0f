import type { RectPx } from '../../domain/geometry.js';

/** Where means are put, and what they are made in; each as large as the image. */
export interface MeanBuffers {
  readonly means: Float32Array;
  readonly rowSums: Float32Array;
}

/**
 * Means over squares of 2 × radius + 1 pixels, cut off at the image's edges.
 *
 * @param image - row-major
 * @param rect - whole pixels, inside the image: where means are wanted
 * @param step - at every step-th pixel of it in both directions, from its corner on; the rest of
 *   `means` stays as it is
 */
export function boxMeans(
  image: Uint8Array | Uint8ClampedArray,
  size: { readonly widthPx: number; readonly heightPx: number },
  rect: RectPx,
  step: number,
  radius: number,
  { means, rowSums }: MeanBuffers,
): void {
  const { widthPx, heightPx } = size;
  const right = rect.xPx + rect.widthPx;
  const bottom = rect.yPx + rect.heightPx;
  const lastRow = Math.min(heightPx - 1, bottom - 1 + radius);
  for (let y = Math.max(0, rect.yPx - radius); y <= lastRow; y++) {
    sumRow(image, widthPx, y * widthPx, { from: rect.xPx, to: right, step, radius }, rowSums);
  }
  for (let y = rect.yPx; y < bottom; y += step) {
    const top = Math.max(0, y - radius);
    const rows = Math.min(heightPx - 1, y + radius) - top + 1;
    for (let x = rect.xPx; x < right; x += step) {
      const columns = Math.min(widthPx - 1, x + radius) - Math.max(0, x - radius) + 1;
      let sum = 0;
      for (let i = 0, at = top * widthPx + x; i < rows; i++, at += widthPx) sum += rowSums[at];
      means[y * widthPx + x] = sum / (rows * columns);
    }
  }
}

/** Sums along one row, which begins at `row`; each from the one before it. */
function sumRow(
  image: Uint8Array | Uint8ClampedArray,
  widthPx: number,
  row: number,
  { from, to, step, radius }: Readonly<Record<'from' | 'to' | 'step' | 'radius', number>>,
  sums: Float32Array,
): void {
  let first = Math.max(0, from - radius);
  let last = first - 1;
  let sum = 0;
  for (let x = from; x < to; x += step) {
    const end = Math.min(widthPx - 1, x + radius);
    while (last < end) sum += image[row + ++last];
    const start = Math.max(0, x - radius);
    while (first < start) sum -= image[row + first++];
    sums[row + x] = sum;
  }
}
