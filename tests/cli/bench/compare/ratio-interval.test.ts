import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioInterval } from '../../../../src/cli/bench/compare/ratio-interval.js';
import { seededRandom } from '../../../../src/cli/evaluation/bootstrap.js';

const values = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), {
  minLength: 5,
  maxLength: 12,
});

/** The ratio of samples that have one. */
function ratioOf(over: readonly number[], under: readonly number[]) {
  const interval = ratioInterval(over, under);
  if (interval === null) throw new Error('expected a ratio');
  return interval;
}

describe('the ratio of two samples', () => {
  it('is the median of the quotients, from the third smallest to the third largest of 5 + 5', () => {
    const { ratio, low, high, coverage } = ratioOf([2, 4, 6, 8, 10], [1, 1, 1, 1, 1]);
    expect(ratio).toBe(6);
    expect([low, high]).toEqual([2, 10]);
    expect(coverage).toBeCloseTo(1 - 8 / 252, 12);
    const quotients = [1, 2, 3, 4, 5].flatMap((a) => [7, 11, 13, 17, 19].map((b) => a / b));
    quotients.sort((a, b) => a - b);
    const mixed = ratioOf([1, 2, 3, 4, 5], [7, 11, 13, 17, 19]);
    expect([mixed.low, mixed.high]).toEqual([quotients[2], quotients[22]]);
  });

  it('lies inside of its interval, which covers at least 95 %', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { ratio, low, high, coverage } = ratioOf(a, b);
        expect(low).toBeLessThanOrEqual(ratio);
        expect(ratio).toBeLessThanOrEqual(high);
        expect(coverage).toBeGreaterThanOrEqual(0.95);
        expect(coverage).toBeLessThan(1);
      }),
    );
  });

  it('turns round with its samples, and grows with its numerators', () => {
    fc.assert(
      fc.property(values, values, fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, factor) => {
        const there = ratioOf(a, b);
        const back = ratioOf(b, a);
        expect(back.ratio * there.ratio).toBeCloseTo(1, 9);
        expect(back.low * there.high).toBeCloseTo(1, 9);
        const grown = ratioOf(
          a.map((value) => factor * value),
          b,
        );
        expect(grown.ratio / there.ratio / factor).toBeCloseTo(1, 9);
        expect(grown.high / there.high / factor).toBeCloseTo(1, 9);
      }),
    );
  });

  it('of a sample and itself is about 1, whatever the order', () => {
    fc.assert(
      fc.property(values, (a) => {
        const { ratio, low, high } = ratioOf(a, a.toReversed());
        expect(ratio).toBeCloseTo(1, 9);
        expect(low).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('holds the true ratio as often as it says', () => {
    const random = seededRandom(5);
    const sample = (scale: number) =>
      Array.from({ length: 5 }, () => scale * (1 + 9 * random() ** 4));
    let held = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = ratioOf(sample(3), sample(2));
      if (low <= 1.5 && 1.5 <= high) held += 1;
    }
    // 96.8 % ± 4 standard errors.
    expect(held / trials).toBeGreaterThan(0.957);
    expect(held / trials).toBeLessThan(0.979);
  });

  it('is not stated of fewer than five repeats, or of what is not positive', () => {
    const five = [1, 2, 3, 4, 5];
    expect(ratioInterval(five, [1, 2, 3, 4])).toBeNull();
    expect(ratioInterval([1], five)).toBeNull();
    expect(ratioInterval(five, [0, 1, 2, 3, 4])).toBeNull();
    expect(ratioInterval([...five, Number.NaN], five)).toBeNull();
    expect(ratioInterval([...five, Number.POSITIVE_INFINITY], five)).toBeNull();
  });
});
