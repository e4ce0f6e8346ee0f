import { describe, expect, it } from 'vitest';
import {
  isCarried,
  isCarriedInAll,
  streamFrames,
} from '../../../../src/cli/bench/suites/streams.js';
import { latencyAround, loadFigures } from '../../../support/bench-result.js';

/** Figures with this 99th percentile, and so many of 1,000 frames left out. */
function load(p99: number, leftOut = 0) {
  const verdicts = { ok: 1000 - leftOut, superseded: leftOut, expired: 0, invalid: 0, failed: 0 };
  const dueToOverlayMs = { ...latencyAround(5), p99 };
  return loadFigures(5, { due: 1000, verdicts, dueToOverlayMs });
}

describe('a count of streams', () => {
  it('is measured with 600 frames of all carts, at least 150 of each', () => {
    expect([1, 2, 4, 12].map((count) => streamFrames(count, 600))).toEqual([600, 300, 150, 150]);
    expect(streamFrames(1, 6)).toBe(6);
  });

  it('is carried with a p99 up to 33 ms and less than 1 % left out', () => {
    expect(isCarried(load(33, 9))).toBe(true);
    expect(isCarried(load(33.1))).toBe(false);
    expect(isCarried(load(5, 10))).toBe(false);
    expect(isCarried(loadFigures(5, { dueToOverlayMs: null }))).toBe(false);
  });

  it('is carried in repetitions by the median of p99 and the sum of what is left out', () => {
    expect(isCarriedInAll([load(20), load(90), load(30)])).toBe(true);
    expect(isCarriedInAll([load(20), load(40), load(40)])).toBe(false);
    expect(isCarriedInAll([load(20, 25), load(20), load(20)])).toBe(true);
    expect(isCarriedInAll([load(20, 30), load(20), load(20)])).toBe(false);
    expect(isCarriedInAll([])).toBe(false);
  });
});
