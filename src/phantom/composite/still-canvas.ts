import type { GrayImage } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import type { Random } from '../random.js';
import { type EchoRegion, findEchoRegion } from './echo-region.js';

/** What a class-index-free label says: nothing is known about the pixel. */
export const LABEL_UNKNOWN = 255;

/**
 * A real still as it will be seen by a clip: cropped, scaled, perhaps flipped, larger than the
 * image by `marginPx` on every side so that the picture can move. Canvas pixel
 * (x + marginPx, y + marginPx) lies under image pixel (x, y) at rest.
 */
export interface StillCanvas {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly marginPx: number;
  /** Gray level 0 to 255, not rounded. */
  readonly gray: Float32Array;
  /** Class index, or 253, 254, 255 as in the training shards. */
  readonly labels: Uint8Array;
  /** Columns of each *image* row that show echo data; fixed on the screen while tissue moves. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Bounds of that in the image. */
  readonly echo: RectPx;
}

/** A still, and what is known about its pixels (same size, row-major; null: nothing). */
export interface Still {
  readonly image: GrayImage;
  readonly labels: Uint8Array | null;
}

interface Mapping {
  /** Source px = offset + canvas px / scale (mirrored first when flipped). */
  readonly offsetXPx: number;
  readonly offsetYPx: number;
  readonly scale: number;
  readonly isFlipped: boolean;
}

/** Chooses a random view of a still and resamples it. */
export function createStillCanvas(
  still: Still,
  widthPx: number,
  heightPx: number,
  random: Random,
): StillCanvas {
  const region = findEchoRegion(still.image);
  const marginPx = Math.round(0.045 * Math.max(widthPx, heightPx)) + 2;
  const size = { widthPx: widthPx + 2 * marginPx, heightPx: heightPx + 2 * marginPx };
  const mapping = chooseMapping(region, size, marginPx, random);
  const gray = resampleGray(still.image, mapping, size);
  const labels = resampleLabels(still, mapping, size);
  const { from, to } = screenSpans(region, mapping, size, marginPx);
  return { ...size, marginPx, gray, labels, from, to, echo: boundsOf(from, to) };
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Fits the echo data to the image, zooms by 0.75 to 1.4 (2 if wide), and places or crops it. */
function chooseMapping(region: EchoRegion, size: Size, marginPx: number, random: Random): Mapping {
  const { bounds } = region;
  const width = size.widthPx - 2 * marginPx;
  const height = size.heightPx - 2 * marginPx;
  const fit = Math.min(width / bounds.widthPx, height / bounds.heightPx);
  const cover = Math.max(width / bounds.widthPx, height / bounds.heightPx);
  const scale = random.logRange(0.75 * fit, Math.max(1.4 * fit, Math.min(1.05 * cover, 2 * fit)));
  const spareX = bounds.widthPx * scale - width;
  const spareY = bounds.heightPx * scale - height;
  // Crops keep the near field in view more often than not: needles come from there.
  const cropX = spareX * random.uniform();
  const cropY = spareY * (spareY > 0 && random.chance(0.6) ? 0 : random.uniform());
  return {
    offsetXPx: bounds.xPx + (cropX - marginPx) / scale,
    offsetYPx: bounds.yPx + (cropY - marginPx) / scale,
    scale,
    isFlipped: random.chance(0.5),
  };
}

/** Box average by the whole part of the reduction, then bilinear. */
function resampleGray(image: GrayImage, mapping: Mapping, size: Size): Float32Array {
  const factor = Math.max(1, Math.floor(1 / mapping.scale + 0.3));
  const reduced = reduce(image, factor);
  const gray = new Float32Array(size.widthPx * size.heightPx);
  const step = 1 / mapping.scale / factor;
  const columns = new Int32Array(size.widthPx);
  const parts = new Float32Array(size.widthPx);
  for (let x = 0; x < size.widthPx; x++) {
    const canvasX = mapping.isFlipped ? size.widthPx - 1 - x : x;
    const source = (mapping.offsetXPx - 0.5 * (factor - 1)) / factor + canvasX * step;
    const clamped = Math.min(reduced.widthPx - 1.001, Math.max(0, source));
    columns[x] = Math.floor(clamped);
    parts[x] = clamped - Math.floor(clamped);
  }
  for (let y = 0, i = 0; y < size.heightPx; y++) {
    const source = (mapping.offsetYPx - 0.5 * (factor - 1)) / factor + y * step;
    const clamped = Math.min(reduced.heightPx - 1.001, Math.max(0, source));
    const upper = Math.floor(clamped) * reduced.widthPx;
    const down = clamped - Math.floor(clamped);
    for (let x = 0; x < size.widthPx; x++, i++) {
      const a = upper + (columns[x] as number);
      const b = a + reduced.widthPx;
      const part = parts[x] as number;
      const top = (reduced.data[a] as number) * (1 - part) + (reduced.data[a + 1] as number) * part;
      const low = (reduced.data[b] as number) * (1 - part) + (reduced.data[b + 1] as number) * part;
      gray[i] = top * (1 - down) + low * down;
    }
  }
  return gray;
}

function reduce(
  image: GrayImage,
  factor: number,
): { readonly widthPx: number; readonly heightPx: number; readonly data: Float32Array } {
  const widthPx = Math.floor(image.widthPx / factor);
  const heightPx = Math.floor(image.heightPx / factor);
  const data = new Float32Array(widthPx * heightPx);
  const share = 1 / (factor * factor);
  for (let y = 0, i = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i++) {
      let sum = 0;
      for (let v = 0; v < factor; v++) {
        const start = (y * factor + v) * image.strideBytes + x * factor;
        for (let u = 0; u < factor; u++) sum += image.data[start + u] as number;
      }
      data[i] = sum * share;
    }
  }
  return { widthPx, heightPx, data };
}

function resampleLabels(still: Still, mapping: Mapping, size: Size): Uint8Array {
  const labels = new Uint8Array(size.widthPx * size.heightPx).fill(LABEL_UNKNOWN);
  const { image, labels: given } = still;
  if (given === null) return labels;
  for (let y = 0, i = 0; y < size.heightPx; y++) {
    const sourceY = Math.round(mapping.offsetYPx + y / mapping.scale);
    for (let x = 0; x < size.widthPx; x++, i++) {
      const canvasX = mapping.isFlipped ? size.widthPx - 1 - x : x;
      const sourceX = Math.round(mapping.offsetXPx + canvasX / mapping.scale);
      const isInside =
        sourceX >= 0 && sourceY >= 0 && sourceX < image.widthPx && sourceY < image.heightPx;
      if (isInside) labels[i] = given[sourceY * image.widthPx + sourceX] as number;
    }
  }
  return labels;
}

/** The echo data's spans on the screen, drawn in by the margin so that movement shows no edge. */
function screenSpans(
  region: EchoRegion,
  mapping: Mapping,
  size: Size,
  marginPx: number,
): { readonly from: Int32Array; readonly to: Int32Array } {
  const width = size.widthPx - 2 * marginPx;
  const height = size.heightPx - 2 * marginPx;
  const from = new Int32Array(height);
  const to = new Int32Array(height);
  const inset = marginPx - 2;
  for (let y = 0; y < height; y++) {
    const lookY = [y - 1, y + Math.round(0.4 * inset)];
    let left = 0;
    let right = width;
    for (const look of lookY) {
      const sourceY = Math.round(mapping.offsetYPx + (look + marginPx) / mapping.scale);
      const a = region.from[sourceY] ?? 0;
      const b = region.to[sourceY] ?? 0;
      const low = (a - mapping.offsetXPx) * mapping.scale;
      const high = (b - mapping.offsetXPx) * mapping.scale;
      const start = mapping.isFlipped ? size.widthPx - 1 - high : low;
      const end = mapping.isFlipped ? size.widthPx - 1 - low : high;
      left = a < b ? Math.max(left, Math.ceil(start - marginPx + inset)) : width;
      right = a < b ? Math.min(right, Math.floor(end - marginPx - inset)) : 0;
      if (a >= b) break;
    }
    from[y] = right - left > 8 ? left : 0;
    to[y] = right - left > 8 ? right : 0;
  }
  return { from, to };
}

function boundsOf(from: Int32Array, to: Int32Array): RectPx {
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  let top = -1;
  let bottom = 0;
  for (let y = 0; y < from.length; y++) {
    if ((from[y] as number) >= (to[y] as number)) continue;
    if (top < 0) top = y;
    bottom = y + 1;
    left = Math.min(left, from[y] as number);
    right = Math.max(right, to[y] as number);
  }
  if (top < 0) return { xPx: 0, yPx: 0, widthPx: 0, heightPx: 0 };
  return { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
}
