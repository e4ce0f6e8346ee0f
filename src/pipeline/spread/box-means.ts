import type { RectPx } from '../../domain/geometry.js';

/**
 * Means over squares of 2 × radius + 1 pixels, of the part of an image that `rect` names; squares
 * are cut off at its edges.
 *
 * @param image - row-major, `widthPx` a row
 * @param rect - whole pixels, inside the image
 * @param means - as large as the image; only `rect` is written
 * @param scratch - as large as the image
 */
export function boxMeans(
  image: Uint8Array,
  widthPx: number,
  rect: RectPx,
  radius: number,
  means: Float32Array,
  scratch: Float32Array,
): void {
  const right = rect.xPx + rect.widthPx;
  const bottom = rect.yPx + rect.heightPx;
  for (let y = rect.yPx; y < bottom; y++) {
    const row = y * widthPx;
    let sum = 0;
    for (let x = rect.xPx; x < Math.min(right, rect.xPx + radius); x++) sum += image[row + x];
    for (let x = rect.xPx; x < right; x++) {
      const enters = x + radius;
      const leaves = x - radius - 1;
      if (enters < right) sum += image[row + enters];
      if (leaves >= rect.xPx) sum -= image[row + leaves];
      const count = Math.min(enters, right - 1) - Math.max(leaves + 1, rect.xPx) + 1;
      scratch[row + x] = sum / count;
    }
  }
  const sums = new Float32Array(rect.widthPx);
  for (let y = rect.yPx; y < Math.min(bottom, rect.yPx + radius); y++) {
    for (let i = 0; i < rect.widthPx; i++) sums[i] += scratch[y * widthPx + rect.xPx + i];
  }
  for (let y = rect.yPx; y < bottom; y++) {
    const enters = y + radius;
    const leaves = y - radius - 1;
    const count = Math.min(enters, bottom - 1) - Math.max(leaves + 1, rect.yPx) + 1;
    const entering = enters < bottom ? enters * widthPx + rect.xPx : -1;
    const leaving = leaves >= rect.yPx ? leaves * widthPx + rect.xPx : -1;
    const row = y * widthPx + rect.xPx;
    for (let i = 0; i < rect.widthPx; i++) {
      if (entering >= 0) sums[i] += scratch[entering + i];
      if (leaving >= 0) sums[i] -= scratch[leaving + i];
      means[row + i] = sums[i] / count;
    }
  }
}
