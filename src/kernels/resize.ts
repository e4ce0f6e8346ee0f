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

/** The general case: sums of weighted rows, then of weighted columns; both are exact. */
function resizeByTaps(
  source: GrayImage,
  origin: number,
  plan: ResizePlan,
  target: Uint8Array,
): void {
  const { placement, targetWidth, columns, rows, scratch: rowSums } = plan;
  for (let y = 0; y < placement.heightPx; y++) {
    const top = origin + rows.start[y] * source.strideBytes;
    sumRows(source, top, plan, rows.offset[y], rows.offset[y + 1]);
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

/** Weighted sum of source rows from `top` on, three at a time: most reductions need no more. */
function sumRows(
  source: GrayImage,
  top: number,
  plan: ResizePlan,
  firstTap: number,
  endTap: number,
): void {
  const { scratch: rowSums, sourceWidth } = plan;
  const { weights } = plan.rows;
  const { data, strideBytes } = source;
  for (let tap = firstTap; tap < endTap; tap += 3) {
    const row0 = top + (tap - firstTap) * strideBytes;
    // A row that is not there counts with no weight.
    const row1 = tap + 1 < endTap ? row0 + strideBytes : row0;
    const row2 = tap + 2 < endTap ? row1 + strideBytes : row0;
    const weight0 = weights[tap];
    const weight1 = tap + 1 < endTap ? weights[tap + 1] : 0;
    const weight2 = tap + 2 < endTap ? weights[tap + 2] : 0;
    const isFirst = tap === firstTap;
    for (let x = 0; x < sourceWidth; x++) {
      const sum = data[row0 + x] * weight0 + data[row1 + x] * weight1 + data[row2 + x] * weight2;
      rowSums[x] = isFirst ? sum : rowSums[x] + sum;
    }
  }
}
