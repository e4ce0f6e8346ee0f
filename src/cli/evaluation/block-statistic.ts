/**
 * A figure over blocks of frames that can be computed again under other weights: a bootstrap draws
 * blocks with replacement, so each block counts as often as it was drawn.
 */
export interface BlockStatistic {
  /** The figure when each block counts `weights[block]` times; null when nothing is left. */
  valueAt(weights: ArrayLike<number>): number | null;
  /** Blocks that have something to say; all others may be left out of a draw. */
  readonly blocks: readonly number[];
  /** A share of frames or events, so that 0 and 1 are results of trials. */
  readonly isShare: boolean;
}

/** One part of a ratio: what it adds above and below the line. */
export interface RatioPart {
  readonly block: number;
  readonly above: number;
  readonly below: number;
}

/** Share of frames or events: both sides of the line count them. */
export function shareStatistic(parts: readonly RatioPart[]): BlockStatistic {
  return { ...ratioStatistic(parts), isShare: true };
}

/** Sum above the line over sum below it, with a transformation of the ratio, e.g. a root. */
export function ratioStatistic(
  parts: readonly RatioPart[],
  transform: (ratio: number) => number = (ratio) => ratio,
): BlockStatistic {
  const sums = new Map<number, { above: number; below: number }>();
  for (const { block, above, below } of parts) {
    if (above === 0 && below === 0) continue;
    const sum = sums.get(block) ?? { above: 0, below: 0 };
    sum.above += above;
    sum.below += below;
    sums.set(block, sum);
  }
  return {
    blocks: [...sums.keys()],
    isShare: false,
    valueAt(weights) {
      let above = 0;
      let below = 0;
      for (const [block, sum] of sums) {
        above += (weights[block] ?? 0) * sum.above;
        below += (weights[block] ?? 0) * sum.below;
      }
      return below === 0 ? null : transform(above / below);
    },
  };
}

/** What `a` exceeds `b` by, both over the same blocks. */
export function differenceStatistic(a: BlockStatistic, b: BlockStatistic): BlockStatistic {
  return {
    blocks: [...new Set([...a.blocks, ...b.blocks])],
    isShare: false,
    valueAt(weights) {
      const [left, right] = [a.valueAt(weights), b.valueAt(weights)];
      return left === null || right === null ? null : left - right;
    },
  };
}

/** A value and the block that it came from. */
export interface BlockValue {
  readonly block: number;
  readonly value: number;
}

/**
 * Percentile by the nearest-rank rule. A value of +Infinity is one that never came about; when the
 * percentile falls among those, the figure is null.
 */
export function percentileStatistic(
  values: readonly BlockValue[],
  percent: number,
): BlockStatistic {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  return {
    blocks: [...new Set(values.map(({ block }) => block))],
    isShare: false,
    valueAt(weights) {
      let total = 0;
      for (const { block } of sorted) total += weights[block] ?? 0;
      if (total === 0) return null;
      const rank = Math.max(1, Math.ceil((percent / 100) * total));
      let seen = 0;
      for (const { block, value } of sorted) {
        seen += weights[block] ?? 0;
        if (seen >= rank) return Number.isFinite(value) ? value : null;
      }
      return null;
    },
  };
}

/** A stated probability and whether what it was about was so. */
export interface BlockClaim {
  readonly block: number;
  readonly probability: number;
  readonly isTrue: boolean;
}

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  readonly claims: number;
  readonly meanProbability: number;
  readonly shareTrue: number;
}

export const RELIABILITY_BINS = 15;

/**
 * Expected calibration error: mean distance between stated probability and observed share, over
 * bins of equal mass. Equal probabilities are never parted: they make one larger bin.
 */
export function calibrationStatistic(claims: readonly BlockClaim[]): BlockStatistic {
  const sorted = [...claims].sort((a, b) => a.probability - b.probability);
  return {
    blocks: [...new Set(claims.map(({ block }) => block))],
    isShare: false,
    valueAt(weights) {
      const bins = binned(sorted, weights);
      const total = bins.reduce((sum, bin) => sum + bin.claims, 0);
      if (total === 0) return null;
      const distance = (bin: ReliabilityBin) => Math.abs(bin.meanProbability - bin.shareTrue);
      return bins.reduce((sum, bin) => sum + bin.claims * distance(bin), 0) / total;
    },
  };
}

/** The reliability diagram of claims, every block counting once; empty bins are left out. */
export function reliabilityBins(claims: readonly BlockClaim[]): readonly ReliabilityBin[] {
  const sorted = [...claims].sort((a, b) => a.probability - b.probability);
  const highest = claims.reduce((high, { block }) => Math.max(high, block), 0);
  return binned(sorted, new Uint8Array(highest + 1).fill(1));
}

function binned(
  sorted: readonly BlockClaim[],
  weights: ArrayLike<number>,
): readonly ReliabilityBin[] {
  let total = 0;
  for (const { block } of sorted) total += weights[block] ?? 0;
  const sums = Array.from({ length: RELIABILITY_BINS }, () => ({ n: 0, p: 0, t: 0 }));
  let seen = 0;
  let bin = 0;
  let before = Number.NaN;
  for (const { block, probability, isTrue } of sorted) {
    const weight = weights[block] ?? 0;
    if (weight === 0) continue;
    if (probability !== before) bin = Math.floor((RELIABILITY_BINS * seen) / total);
    before = probability;
    seen += weight;
    const sum = sums[bin];
    if (sum === undefined) continue;
    sum.n += weight;
    sum.p += weight * probability;
    if (isTrue) sum.t += weight;
  }
  return sums
    .filter(({ n }) => n > 0)
    .map(({ n, p, t }) => ({ claims: n, meanProbability: p / n, shareTrue: t / n }));
}
