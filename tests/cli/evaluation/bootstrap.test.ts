import { describe, expect, it } from 'vitest';
import {
  calibrationStatistic,
  differenceStatistic,
  percentileStatistic,
  ratioStatistic,
  reliabilityBins,
  shareStatistic,
} from '../../../src/cli/evaluation/block-statistic.js';
import { bootstrapInterval, seededRandom } from '../../../src/cli/evaluation/bootstrap.js';

const parts = (...rows: readonly (readonly [number, number, number])[]) =>
  rows.map(([block, above, below]) => ({ block, above, below }));

describe('a statistic over blocks', () => {
  it('counts each block as often as it was drawn', () => {
    const share = shareStatistic(parts([0, 1, 2], [1, 3, 3], [1, 0, 1]));
    expect(share.valueAt([1, 1])).toBeCloseTo(4 / 6, 9);
    expect(share.valueAt([2, 0])).toBe(0.5);
    expect(share.valueAt([0, 3])).toBe(0.75);
    expect(share.valueAt([0, 0])).toBeNull();
    expect(share.blocks).toEqual([0, 1]);
    expect(ratioStatistic(parts([0, 8, 2]), Math.sqrt).valueAt([1])).toBe(2);
  });

  it('takes percentiles by the nearest rank, and none among what never came about', () => {
    const values = [5, 1, 3, Number.POSITIVE_INFINITY].map((value, block) => ({ block, value }));
    const median = percentileStatistic(values, 50);
    expect(median.valueAt([1, 1, 1, 1])).toBe(3);
    expect(median.valueAt([1, 5, 1, 0])).toBe(1);
    expect(median.valueAt([0, 0, 1, 3])).toBeNull();
    expect(percentileStatistic([], 50).valueAt([])).toBeNull();
    expect(percentileStatistic(values, 95).valueAt([1, 1, 1, 0])).toBe(5);
  });

  it('subtracts over the same draw', () => {
    const a = shareStatistic(parts([0, 1, 1], [1, 0, 1]));
    const b = shareStatistic(parts([0, 0, 1], [1, 0, 1]));
    const difference = differenceStatistic(a, b);
    expect(difference.valueAt([1, 1])).toBe(0.5);
    expect(difference.valueAt([2, 0])).toBe(1);
    expect(difference.valueAt([0, 0])).toBeNull();
  });

  it('compares stated probabilities with observed shares in bins of equal mass', () => {
    const claim = (probability: number, isTrue: boolean) => ({ block: 0, probability, isTrue });
    const four = [claim(0.8, true), claim(0.8, true), claim(0.8, true), claim(0.8, false)];
    expect(calibrationStatistic(four).valueAt([1])).toBeCloseTo(0.05, 9);
    // Two bins: 0.1 said and 0 seen, 0.9 said and 1 seen, half of the claims each.
    const sure = [claim(0.1, false), claim(0.1, false), claim(0.9, true), claim(0.9, true)];
    expect(calibrationStatistic(sure).valueAt([1])).toBeCloseTo(0.1, 9);
    expect(reliabilityBins(sure)).toEqual([
      { claims: 2, meanProbability: 0.1, shareTrue: 0 },
      { claims: 2, meanProbability: 0.9, shareTrue: 1 },
    ]);
    const spread = Array.from({ length: 150 }, (_, i) => claim(i / 150, false));
    expect(reliabilityBins(spread).map(({ claims }) => claims)).toEqual(Array(15).fill(10));
    expect(calibrationStatistic([]).valueAt([])).toBeNull();
  });
});

describe('a bootstrap interval', () => {
  it('holds the truth of a known distribution about 95 times of 100, by drawing blocks', () => {
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let held = 0;
    let heldByFrames = 0;
    const trials = 300;
    for (let trial = 0; trial < trials; trial++) {
      // 40 clips of 10 frames that differ more from clip to clip than within one; the mean is 7.
      const frames = Array.from({ length: 40 }, (_, block) => ({ block, level: 7 + normal() }))
        .flatMap((clip) => Array.from({ length: 10 }, () => clip))
        .map(({ block, level }) => ({ block, above: level + 0.3 * normal(), below: 1 }));
      const holds = (blocked: typeof frames) => {
        const interval = bootstrapInterval(ratioStatistic(blocked), { draws: 200, seed: trial });
        return interval !== null && interval.low <= 7 && interval.high >= 7;
      };
      if (holds(frames)) held += 1;
      if (trial < 100 && holds(frames.map((frame, block) => ({ ...frame, block })))) {
        heldByFrames += 1;
      }
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.985);
    // What it is for: frames drawn one by one pretend to know far more than they do.
    expect(heldByFrames / 100).toBeLessThan(0.7);
  });

  it('is exact where no block, or every block, has any', () => {
    const none = shareStatistic(parts(...Array.from({ length: 20 }, (_, b) => [b, 0, 9] as const)));
    const interval = bootstrapInterval(none);
    expect(interval?.low).toBe(0);
    // Clopper and Pearson, 0 of 20: 1 − 0.025^(1/20).
    expect(interval?.high).toBeCloseTo(0.1684, 4);
    const all = shareStatistic(parts([0, 2, 2], [1, 2, 2]));
    expect(bootstrapInterval(all)?.high).toBe(1);
    expect(bootstrapInterval(all)?.low).toBeCloseTo(0.1581, 4);
  });

  it('does not exist for one block, and is the same each time for the same seed', () => {
    expect(bootstrapInterval(shareStatistic(parts([0, 1, 2])))).toBeNull();
    const share = shareStatistic(parts([0, 1, 2], [1, 0, 2], [2, 2, 2]));
    const options = { draws: 100, seed: 4 };
    expect(bootstrapInterval(share, options)).toEqual(bootstrapInterval(share, options));
  });
});
