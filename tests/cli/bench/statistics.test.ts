import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitExponent, trendOf } from '../../../src/cli/bench/statistics.js';

describe('the statistics of the suites', () => {
  it('finds the exponent of any power law', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (exponent) => {
        const points = [1, 2, 5, 9].map((x) => [x, 3 * x ** exponent] as const);
        expect(fitExponent(points)).toBeCloseTo(exponent, 6);
      }),
    );
    expect(fitExponent([[1, 2]])).toBeNull();
    expect(
      fitExponent([
        [1, 2],
        [2, 0],
      ]),
    ).toBeNull();
  });

  it('sees a trend in what rises, and none in what goes up and down', () => {
    const rising = Array.from({ length: 16 }, (_, i) => 10 + i / 10);
    expect(trendOf(rising).z).toBeGreaterThan(2.58);
    expect(trendOf(rising).slope).toBeCloseTo(0.1);
    expect(Math.abs(trendOf(rising.map((_, i) => i % 3)).z)).toBeLessThan(2.58);
    expect(trendOf([...rising.slice(1), 1000]).slope).toBeLessThan(0.2);
    expect(trendOf([])).toEqual({ z: 0, slope: 0 });
  });
});
