import type { StillCanvas } from './still-canvas.js';

/** What a still's own texture says about the scanner that made it. Canvas pixels, gray levels. */
export interface SpeckleStatistics {
  /** Local mean level. */
  readonly mean: Float32Array;
  /** Local standard deviation. */
  readonly deviation: Float32Array;
  /** Standard deviations of the point spread that would give the texture its correlation, px. */
  readonly lateralSigmaPx: number;
  readonly axialSigmaPx: number;
  /** Typical standard deviation of the texture in well-lit areas, gray levels. */
  readonly typicalDeviation: number;
  /** Levels below which 55 %, 99.3 % and 99.95 % of the echo data lie. */
  readonly middleLevel: number;
  readonly brightLevel: number;
  readonly topLevel: number;
}

/** Half the side of the neighbourhood that counts as local, px. */
const NEAR_PX = 6;

export function measureSpeckle(canvas: StillCanvas): SpeckleStatistics {
  const { widthPx, heightPx, gray } = canvas;
  const mean = boxMean(gray, widthPx, heightPx);
  const squares = new Float32Array(gray.length);
  for (let i = 0; i < gray.length; i++) {
    const residual = (gray[i] as number) - (mean[i] as number);
    squares[i] = residual * residual;
  }
  const deviation = boxMean(squares, widthPx, heightPx);
  for (let i = 0; i < deviation.length; i++) {
    // Running sums of a flat area may end a rounding error below zero.
    deviation[i] = Math.sqrt(Math.max(0, deviation[i] as number));
  }
  const histogram = new Float64Array(256);
  const correlation = { self: 0, right: 0, below: 0, deviation: 0, count: 0 };
  visitEcho(canvas, (i) => {
    const level = Math.min(255, Math.round(gray[i] as number));
    histogram[level] = (histogram[level] as number) + 1;
    const here = (gray[i] as number) - (mean[i] as number);
    const local = deviation[i] as number;
    // Strong edges are structures, not texture; black areas have none.
    if ((mean[i] as number) < 20 || Math.abs(here) > 2.2 * local) return;
    const right = i + 1;
    const below = i + widthPx;
    correlation.self += here * here;
    correlation.right += here * ((gray[right] as number) - (mean[right] as number));
    correlation.below += here * ((gray[below] as number) - (mean[below] as number));
    correlation.deviation += local;
    correlation.count++;
  });
  const { self, right, below, count } = correlation;
  const axialSigmaPx = clamp(sigmaOf(below / self), 0.65, 2.2);
  return {
    mean,
    deviation,
    // Layers and fibres run across the beams and lengthen what is measured there: no scanner's
    // speckle is more than about twice as wide as it is long.
    lateralSigmaPx: clamp(0.65 * sigmaOf(right / self), 0.9 * axialSigmaPx, 1.8 * axialSigmaPx),
    axialSigmaPx,
    typicalDeviation: count === 0 ? 10 : correlation.deviation / count,
    middleLevel: Math.max(25, quantile(histogram, 0.55)),
    brightLevel: Math.max(60, quantile(histogram, 0.993)),
    topLevel: Math.max(90, quantile(histogram, 0.9995)),
  };
}

/** The envelope of Gaussian-filtered noise correlates as exp(−d² / 2σ²): inverted at d = 1. */
function sigmaOf(correlation: number): number {
  if (!(correlation > 0.05)) return 0;
  return Math.sqrt(-1 / (2 * Math.log(Math.min(0.985, correlation))));
}

function visitEcho(canvas: StillCanvas, visit: (index: number) => void): void {
  const { marginPx, widthPx, from, to } = canvas;
  for (let y = 0; y < from.length - 1; y++) {
    const start = (y + marginPx) * widthPx + marginPx;
    for (let x = from[y] as number; x < (to[y] as number) - 1; x++) visit(start + x);
  }
}

function quantile(histogram: Float64Array, share: number): number {
  let total = 0;
  for (let level = 4; level < 256; level++) total += histogram[level] as number;
  let sum = 0;
  for (let level = 4; level < 256; level++) {
    sum += histogram[level] as number;
    if (sum >= share * total) return level;
  }
  return 255;
}

/** Mean over a square neighbourhood by running sums; edges repeat. */
function boxMean(values: Float32Array, widthPx: number, heightPx: number): Float32Array {
  const across = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  const share = 1 / (2 * NEAR_PX + 1);
  for (let y = 0; y < heightPx; y++) {
    slideLine(values, across, y * widthPx, 1, widthPx, share);
  }
  for (let x = 0; x < widthPx; x++) {
    slideLine(across, result, x, widthPx, heightPx, share);
  }
  return result;
}

function slideLine(
  source: Float32Array,
  target: Float32Array,
  start: number,
  step: number,
  count: number,
  share: number,
): void {
  const last = count - 1;
  const read = (k: number): number =>
    source[start + step * (k < 0 ? 0 : Math.min(k, last))] as number;
  let sum = 0;
  for (let k = -NEAR_PX; k <= NEAR_PX; k++) sum += read(k);
  for (let k = 0; k < count; k++) {
    target[start + step * k] = sum * share;
    sum += read(k + NEAR_PX + 1) - read(k - NEAR_PX);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
