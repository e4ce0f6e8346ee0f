import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { LatencyFigures } from './load-figures.js';

const HIGHEST_US = 60_000_000;

/** An empty histogram of 1 µs to 60 s with three digits. */
export function createUsHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly: false,
  });
}

/** Adds one latency; what is negative (clocks) counts as 0, what is longer than 60 s as 60 s. */
export function recordUs(histogram: Histogram, latencyUs: number): void {
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(latencyUs))));
}

/** The figures of a histogram in µs; null while it is empty. */
export function latencyFigures(histogram: Histogram): LatencyFigures | null {
  if (histogram.totalCount === 0) return null;
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / 1000,
    histogram: encodeIntoCompressedBase64(histogram),
  };
}

/** The figures of a list of latencies, µs; null for an empty one. */
export function latencyFiguresOf(latenciesUs: Iterable<number>): LatencyFigures | null {
  const histogram = createUsHistogram();
  for (const latencyUs of latenciesUs) recordUs(histogram, latencyUs);
  return latencyFigures(histogram);
}
