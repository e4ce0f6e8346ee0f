import { assert } from '../domain/assert.js';
import type { RectPx } from '../domain/geometry.js';

/**
 * Weights are multiples of 1 / 65,536. A sum of bytes with such weights that add up to 1 fits the
 * 24 bits of a single-precision number, and the sum over rows and columns the 53 of a double: both
 * are exact, so that vector code may add in any order and gives the same picture.
 */
const WEIGHT_UNITS = 65_536;

/** Which source samples make up each target sample along one axis, with what weights. */
export interface AxisTaps {
  /** First source index of each target index. */
  readonly start: Int32Array;
  /** Index of the first weight of each target index; one more entry closes the last. */
  readonly offset: Int32Array;
  /** Multiples of 1 / 65,536; those of one target index add up to 1. */
  readonly weights: Float32Array;
}

/**
 * How a source rectangle becomes a placement in a target image. Made once for a geometry and used
 * for every frame of it.
 */
export interface ResizePlan {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly targetWidth: number;
  readonly placement: RectPx;
  /** The whole factor of a plain box reduction (2 = half size), or 0 where taps are needed. */
  readonly boxFactor: number;
  readonly columns: AxisTaps;
  readonly rows: AxisTaps;
  /** Room for vertical sums: one source row for the reference, eight in two forms for native. */
  readonly scratch: Float32Array;
}

/** A plan and the whole source pixels that it reads. */
export interface Resampling {
  readonly rect: RectPx;
  readonly plan: ResizePlan;
}

/**
 * Plans a resize. Reduction averages by area, which keeps speckle statistics and does not alias;
 * enlargement is linear between pixel centres.
 *
 * @param sourceWidth - pixels, ≥ 1, as all sizes
 * @param targetWidth - row length of the image that holds `placement`
 */
export function planResize(
  sourceWidth: number,
  sourceHeight: number,
  targetWidth: number,
  placement: RectPx,
): ResizePlan {
  const part = { xPx: 0, yPx: 0, widthPx: sourceWidth, heightPx: sourceHeight };
  return planResampling(part, targetWidth, placement).plan;
}

/**
 * Plans the resize of a part of a source that may begin and end within a pixel.
 *
 * @param part - source pixels, corners of pixels at integers, sides > 0
 * @param targetWidth - row length of the image that holds `placement`
 */
export function planResampling(part: RectPx, targetWidth: number, placement: RectPx): Resampling {
  assert(part.widthPx > 0 && part.heightPx > 0, 'a resize needs a source');
  assert(placement.widthPx >= 1 && placement.heightPx >= 1, 'a resize needs a target');
  const rect = wholePixels(part);
  const { widthPx: sourceWidth, heightPx: sourceHeight } = rect;
  const factor = part.widthPx / placement.widthPx;
  const isWhole = sourceWidth === part.widthPx && sourceHeight === part.heightPx;
  const isBox = isWhole && Number.isInteger(factor) && sourceHeight === factor * placement.heightPx;
  const x = { start: part.xPx - rect.xPx, length: part.widthPx };
  const y = { start: part.yPx - rect.yPx, length: part.heightPx };
  const plan = {
    sourceWidth,
    sourceHeight,
    targetWidth,
    placement,
    boxFactor: isBox ? factor : 0,
    columns: axisTaps(x, sourceWidth, placement.widthPx),
    rows: axisTaps(y, sourceHeight, placement.heightPx),
    scratch: new Float32Array(16 * sourceWidth + 2 * placement.widthPx),
  };
  return { rect, plan };
}

/** The pixels that a part touches. */
function wholePixels(part: RectPx): RectPx {
  const xPx = Math.floor(part.xPx);
  const yPx = Math.floor(part.yPx);
  const widthPx = Math.ceil(part.xPx + part.widthPx) - xPx;
  return { xPx, yPx, widthPx, heightPx: Math.ceil(part.yPx + part.heightPx) - yPx };
}

/** @param part - where the resized part begins within the source's samples, and how long it is */
function axisTaps(
  part: { readonly start: number; readonly length: number },
  sourceLength: number,
  targetLength: number,
): AxisTaps {
  const start = new Int32Array(targetLength);
  const offset = new Int32Array(targetLength + 1);
  const weights: number[] = [];
  const scale = part.length / targetLength;
  for (let index = 0; index < targetLength; index++) {
    const low = part.start + index * scale;
    start[index] =
      scale >= 1
        ? pushArea(weights, low, low + scale, sourceLength)
        : pushLinear(weights, low + 0.5 * scale - 0.5, sourceLength);
    quantise(weights, offset[index]);
    offset[index + 1] = weights.length;
  }
  return { start, offset, weights: Float32Array.from(weights) };
}

/** Adds the coverage of [low, high) by each source sample; returns the first sample's index. */
function pushArea(weights: number[], low: number, high: number, sourceLength: number): number {
  const first = Math.min(Math.floor(low + 1e-9), sourceLength - 1);
  const last = Math.max(first + 1, Math.min(Math.ceil(high - 1e-9), sourceLength));
  for (let sample = first; sample < last; sample++) {
    const covered = Math.min(high, sample + 1) - Math.max(low, sample);
    weights.push(covered / (high - low));
  }
  return first;
}

/** Adds the two linear weights around `centre`; returns the first sample's index. */
function pushLinear(weights: number[], centre: number, sourceLength: number): number {
  const clamped = Math.min(Math.max(centre, 0), sourceLength - 1);
  const first = Math.min(Math.floor(clamped), sourceLength - 1);
  const fraction = clamped - first;
  weights.push(1 - fraction);
  if (first + 1 < sourceLength) weights.push(fraction);
  return first;
}

/** Makes the weights from `first` on multiples of 1 / `WEIGHT_UNITS` that add up to exactly 1. */
function quantise(weights: number[], first: number): void {
  let rest = WEIGHT_UNITS;
  let largest = first;
  for (let tap = first; tap < weights.length; tap++) {
    const units = Math.round(weights[tap] * WEIGHT_UNITS);
    weights[tap] = units / WEIGHT_UNITS;
    rest -= units;
    if (weights[tap] > weights[largest]) largest = tap;
  }
  weights[largest] += rest / WEIGHT_UNITS;
}
