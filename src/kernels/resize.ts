import type { GrayImage } from '../domain/frame.js';
import type { RectPx } from '../domain/geometry.js';
import type { ResizePlan } from './resize-plan.js';

/** Reference of `Kernels.resize`. */
export function resize(
  source: GrayImage,
  rect: RectPx,
  plan: ResizePlan,
  target: Uint8Array,
): void {
  const origin = rect.yPx * source.strideBytes + rect.xPx;
  if (plan.boxFactor === 1) copyRows(source, origin, plan, target);
  else if (plan.boxFactor === 2) halve(source, origin, plan, target);
  else resizeByTaps(source, origin, plan, target);
}

function copyRows(source: GrayImage, origin: number, plan: ResizePlan, target: Uint8Array): void {
  const { placement, targetWidth } = plan;
  for (let y = 0; y < placement.heightPx; y++) {
    const from = origin + y * source.strideBytes;
    const row = source.data.subarray(from, from + placement.widthPx);
    target.set(row, (placement.yPx + y) * targetWidth + placement.xPx);
  }
}

function halve(source: GrayImage, origin: number, plan: ResizePlan, target: Uint8Array): void {
  const { placement, targetWidth } = plan;
  const { data, strideBytes } = source;
  const width = placement.widthPx;
  for (let y = 0; y < placement.heightPx; y++) {
    let upper = origin + 2 * y * strideBytes;
    let lower = upper + strideBytes;
    const out = (placement.yPx + y) * targetWidth + placement.xPx;
    for (let x = 0; x < width; x++) {
      const sum = data[upper] + data[upper + 1] + data[lower] + data[lower + 1];
      target[out + x] = (sum + 2) >> 2;
      upper += 2;
      lower += 2;
    }
  }
}

/** The general case: sums of weighted rows, then of weighted columns. */
function resizeByTaps(
  source: GrayImage,
  origin: number,
  plan: ResizePlan,
  target: Uint8Array,
): void {
  const { placement, targetWidth, columns, rows, rowSums, sourceWidth } = plan;
  const { data, strideBytes } = source;
  for (let y = 0; y < placement.heightPx; y++) {
    const firstTap = rows.offset[y];
    const taps = rows.offset[y + 1] - firstTap;
    const top = origin + rows.start[y] * strideBytes;
    const firstWeight = rows.weights[firstTap];
    for (let x = 0; x < sourceWidth; x++) rowSums[x] = data[top + x] * firstWeight;
    for (let tap = 1; tap < taps; tap++) {
      const weight = rows.weights[firstTap + tap];
      const row = top + tap * strideBytes;
      for (let x = 0; x < sourceWidth; x++) {
        rowSums[x] = rowSums[x] + data[row + x] * weight;
      }
    }
    const out = (placement.yPx + y) * targetWidth + placement.xPx;
    for (let x = 0; x < placement.widthPx; x++) {
      const end = columns.offset[x + 1];
      let sample = columns.start[x];
      let sum = 0.5;
      for (let tap = columns.offset[x]; tap < end; tap++) {
        sum += rowSums[sample] * columns.weights[tap];
        sample++;
      }
      target[out + x] = sum;
    }
  }
}
