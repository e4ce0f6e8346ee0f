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
      const sum =
        (data[upper] as number) +
        (data[upper + 1] as number) +
        (data[lower] as number) +
        (data[lower + 1] as number);
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
    const firstTap = rows.offset[y] as number;
    const taps = (rows.offset[y + 1] as number) - firstTap;
    const top = origin + (rows.start[y] as number) * strideBytes;
    const firstWeight = rows.weights[firstTap] as number;
    for (let x = 0; x < sourceWidth; x++) rowSums[x] = (data[top + x] as number) * firstWeight;
    for (let tap = 1; tap < taps; tap++) {
      const weight = rows.weights[firstTap + tap] as number;
      const row = top + tap * strideBytes;
      for (let x = 0; x < sourceWidth; x++) {
        rowSums[x] = (rowSums[x] as number) + (data[row + x] as number) * weight;
      }
    }
    const out = (placement.yPx + y) * targetWidth + placement.xPx;
    for (let x = 0; x < placement.widthPx; x++) {
      const end = columns.offset[x + 1] as number;
      let sample = columns.start[x] as number;
      let sum = 0.5;
      for (let tap = columns.offset[x] as number; tap < end; tap++) {
        sum += (rowSums[sample] as number) * (columns.weights[tap] as number);
        sample++;
      }
      target[out + x] = sum;
    }
  }
}
