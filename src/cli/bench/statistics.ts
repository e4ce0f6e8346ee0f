import { median } from '../../domain/median.js';

/**
 * Exponent b of y = a · x^b by least squares of the logarithms: 1 = proportional, 0 = does not
 * grow. null with fewer than two different x, or where a value is not above 0.
 */
export function fitExponent(points: readonly (readonly [number, number])[]): number | null {
  if (points.some(([x, y]) => !(x > 0 && y > 0))) return null;
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 1e-12)) return null;
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** Whether a sequence rises or falls. */
export interface Trend {
  /** Standard score; |z| > 2.58 happens by chance once in a hundred times. */
  readonly z: number;
  /** Median change from one value to the next (Theil–Sen), in the unit of the values. */
  readonly slope: number;
}

/**
 * Mann–Kendall test with Theil–Sen's slope: asks about order only, so that one slow chunk among
 * many is no trend. Ties are allowed (their variance is overstated, which makes the test milder).
 */
export function trendOf(values: readonly number[]): Trend {
  const slopes: number[] = [];
  let score = 0;
  for (const [i, early] of values.entries()) {
    for (const [step, late] of values.slice(i + 1).entries()) {
      score += Math.sign(late - early);
      slopes.push((late - early) / (step + 1));
    }
  }
  const n = values.length;
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const z = deviation === 0 ? 0 : (score - Math.sign(score)) / deviation;
  return { z, slope: slopes.length === 0 ? 0 : median(slopes) };
}
