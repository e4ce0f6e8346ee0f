import type { BlockStatistic } from './block-statistic.js';

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How intervals are made. */
export interface BootstrapOptions {
  /** Times that the blocks are drawn anew. */
  readonly draws: number;
  readonly seed: number;
}

export const BOOTSTRAP_DEFAULTS: BootstrapOptions = { draws: 1000, seed: 20_261_124 };

const TAIL = 0.025;

/**
 * The 95 % confidence interval of a figure, by the percentile bootstrap over whole blocks: frames
 * of a clip resemble each other, so clips are drawn, not frames (ml.md 6).
 *
 * A share of which no block has any (or every block has all) does not vary from draw to draw; its
 * interval is then the exact binomial one with the blocks as its trials, which is wide on purpose.
 *
 * @returns null with fewer than two blocks, or when more than one draw in ten says nothing
 */
export function bootstrapInterval(
  statistic: BlockStatistic,
  { draws, seed }: BootstrapOptions = BOOTSTRAP_DEFAULTS,
): Interval | null {
  const { blocks } = statistic;
  const count = blocks.length;
  if (count < 2 || draws < 1) return null;
  const weights = new Uint32Array(Math.max(...blocks) + 1);
  for (const block of blocks) weights[block] = 1;
  const point = statistic.valueAt(weights);
  if (statistic.isShare && (point === 0 || point === 1)) return exactBound(point, count);
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let k = 0; k < count; k++) {
      const block = blocks[Math.floor(random() * count)] ?? 0;
      weights[block] = (weights[block] ?? 0) + 1;
    }
    const value = statistic.valueAt(weights);
    if (value !== null) values.push(value);
  }
  if (values.length < 0.9 * draws) return null;
  values.sort((a, b) => a - b);
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  return { low: at(TAIL), high: at(1 - TAIL) };
}

/** Clopper and Pearson's interval of 0 or of all out of `trials`. */
function exactBound(point: 0 | 1, trials: number): Interval {
  const reach = 1 - TAIL ** (1 / trials);
  return point === 0 ? { low: 0, high: reach } : { low: 1 - reach, high: 1 };
}

/** Numbers in [0, 1) from a seed: a 32-bit counter through a mixing function. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
  };
}
