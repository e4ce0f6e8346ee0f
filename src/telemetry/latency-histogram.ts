import { build } from 'hdr-histogram-js';

/** Percentiles of a latency, ms. All 0 while nothing was recorded. */
export interface LatencyMs {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** A latency distribution of constant size: 1 µs to 60 s, three digits. */
export interface LatencyHistogram {
  record(latencyUs: number): void;
  read(): LatencyMs;
}

const HIGHEST_US = 60_000_000;

/** An empty histogram. */
export function createLatencyHistogram(): LatencyHistogram {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly: false,
  });
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    record(latencyUs) {
      histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(latencyUs))));
    },
    read() {
      const count = histogram.totalCount;
      if (count === 0) return { p50: 0, p95: 0, p99: 0, max: 0, count };
      return { p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / 1000, count };
    },
  };
}
