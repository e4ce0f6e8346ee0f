import { assert } from '../domain/assert.js';
import type { RectPx } from '../domain/geometry.js';

/** Which source samples make up each target sample along one axis, with what weights. */
export interface AxisTaps {
  /** First source index of each target index. */
  readonly start: Int32Array;
  /** Index of the first weight of each target index; one more entry closes the last. */
  readonly offset: Int32Array;
  /** Weights; those of one target index add up to 1. */
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
  /** One source row of vertical sums; scratch. */
  readonly rowSums: Float32Array;
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
  assert(sourceWidth >= 1 && sourceHeight >= 1, 'a resize needs a source');
  assert(placement.widthPx >= 1 && placement.heightPx >= 1, 'a resize needs a target');
  const factor = sourceWidth / placement.widthPx;
  const isBox = Number.isInteger(factor) && sourceHeight === factor * placement.heightPx;
  return {
    sourceWidth,
    sourceHeight,
    targetWidth,
    placement,
    boxFactor: isBox ? factor : 0,
    columns: axisTaps(sourceWidth, placement.widthPx),
    rows: axisTaps(sourceHeight, placement.heightPx),
    rowSums: new Float32Array(sourceWidth),
  };
}

function axisTaps(sourceLength: number, targetLength: number): AxisTaps {
  const start = new Int32Array(targetLength);
  const offset = new Int32Array(targetLength + 1);
  const weights: number[] = [];
  const scale = sourceLength / targetLength;
  for (let index = 0; index < targetLength; index++) {
    start[index] =
      scale >= 1
        ? pushArea(weights, index * scale, (index + 1) * scale, sourceLength)
        : pushLinear(weights, (index + 0.5) * scale - 0.5, sourceLength);
    offset[index + 1] = weights.length;
  }
  return { start, offset, weights: Float32Array.from(weights) };
}

/** Adds the coverage of [low, high) by each source sample; returns the first sample's index. */
function pushArea(weights: number[], low: number, high: number, sourceLength: number): number {
  const first = Math.min(Math.floor(low + 1e-9), sourceLength - 1);
  const last = Math.min(Math.ceil(high - 1e-9), sourceLength);
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
