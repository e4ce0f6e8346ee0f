import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../src/telemetry/latency-histogram.js';

describe('a latency histogram', () => {
  it('is zero while empty', () => {
    const empty = { p50: 0, p95: 0, p99: 0, max: 0, count: 0 };
    expect(createLatencyHistogram().read()).toEqual(empty);
  });

  it('reads percentiles in ms within a thousandth', () => {
    const histogram = createLatencyHistogram();
    for (let us = 1; us <= 10_000; us += 1) histogram.record(us);
    const { p50, p99, max, count } = histogram.read();
    expect(p50).toBeCloseTo(5, 1);
    expect(p99).toBeCloseTo(9.9, 1);
    expect(max).toBeCloseTo(10, 1);
    expect(count).toBe(10_000);
  });

  it('takes what lies outside its range at its edge', () => {
    const histogram = createLatencyHistogram();
    histogram.record(-5);
    histogram.record(1e12);
    expect(histogram.read()).toMatchObject({ count: 2 });
    expect(histogram.read().max).toBeGreaterThan(59_000);
  });
});
