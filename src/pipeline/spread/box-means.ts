import type { RectPx } from '../../domain/geometry.js';

/** Half a side of the squares that means are taken over, pixels; their sums are written out. */
export const MEAN_RADIUS_PX = 2;
const SIDE_PX = 2 * MEAN_RADIUS_PX + 1;

/** Where means are put, and what they are made in; each as large as the image. */
export interface MeanBuffers {
  readonly means: Float32Array;
  readonly rowSums: Int32Array;
}

/**
 * Means over squares of 5 × 5 pixels, cut off at the image's edges.
 *
 * @param image - row-major
 * @param rect - whole pixels, inside the image: where means are wanted
 * @param step - at every step-th pixel of it in both directions, from its corner on; the rest of
 *   `means` stays as it is
 */
export function boxMeans(
  image: Uint8Array | Uint8ClampedArray,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  rect: RectPx,
  step: number,
  { means, rowSums }: MeanBuffers,
): void {
  const right = rect.xPx + rect.widthPx;
  const bottom = rect.yPx + rect.heightPx;
  const lastRow = Math.min(heightPx - 1, bottom - 1 + MEAN_RADIUS_PX);
  for (let y = Math.max(0, rect.yPx - MEAN_RADIUS_PX); y <= lastRow; y++) {
    sumRow(image, y * widthPx, widthPx, rect.xPx, right, step, rowSums);
  }
  for (let y = rect.yPx; y < bottom; y += step) {
    const top = Math.max(0, y - MEAN_RADIUS_PX);
    const rows = Math.min(heightPx - 1, y + MEAN_RADIUS_PX) - top + 1;
    for (let x = rect.xPx; x < right; x += step) {
      const at = top * widthPx + x;
      const sum =
        rows === SIDE_PX
          ? rowSums[at] +
            rowSums[at + widthPx] +
            rowSums[at + 2 * widthPx] +
            rowSums[at + 3 * widthPx] +
            rowSums[at + 4 * widthPx]
          : sumOf(rowSums, at, rows, widthPx);
      means[y * widthPx + x] = sum / (rows * columnsAround(x, widthPx));
    }
  }
}

/** Sums along the row that begins at `row`, around every step-th pixel. */
function sumRow(
  image: Uint8Array | Uint8ClampedArray,
  row: number,
  widthPx: number,
  from: number,
  to: number,
  step: number,
  sums: Int32Array,
): void {
  for (let x = from; x < to; x += step) {
    const at = row + x;
    const columns = columnsAround(x, widthPx);
    sums[at] =
      columns === SIDE_PX
        ? image[at - 2] + image[at - 1] + image[at] + image[at + 1] + image[at + 2]
        : sumOf(image, row + Math.max(0, x - MEAN_RADIUS_PX), columns, 1);
  }
}

function columnsAround(x: number, widthPx: number): number {
  if (x >= MEAN_RADIUS_PX && x < widthPx - MEAN_RADIUS_PX) return SIDE_PX;
  return Math.min(widthPx - 1, x + MEAN_RADIUS_PX) - Math.max(0, x - MEAN_RADIUS_PX) + 1;
}

function sumOf(
  values: Int32Array | Uint8Array | Uint8ClampedArray,
  first: number,
  count: number,
  step: number,
): number {
  let sum = 0;
  for (let i = 0, at = first; i < count; i++, at += step) sum += values[at];
  return sum;
}
