import type { ClassScores } from './kernels.js';

/** Channels this far below the largest logit of their cell count as nothing. */
const BELOW_MAX = 16;

/** Added and taken off again it rounds a double to an integer. */
const ROUNDING = 1.5 * 2 ** 52;
/** 2⁰, 2⁻¹ … as far down as `BELOW_MAX` reaches. */
const HALVINGS = Float64Array.from({ length: 25 }, (_, power) => 2 ** -power);

/** Reference of `Kernels.scoreClasses`. */
export function scoreClasses(
  logits: Float32Array,
  classOf: Uint8Array,
  { labels, probabilities, best, second }: ClassScores,
): void {
  const cells = labels.length;
  const classes = probabilities.length / cells;
  probabilities.fill(0);
  for (let cell = 0; cell < cells; cell++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let channel = 0; channel < classOf.length; channel++) {
      const logit = logits[channel * cells + cell];
      if (logit > largest) largest = logit;
    }
    let total = 0;
    for (let channel = 0; channel < classOf.length; channel++) {
      const below = logits[channel * cells + cell] - largest;
      // Written so that what is not a number counts as nothing, too.
      if (!(below >= -BELOW_MAX)) continue;
      const value = exponential(below);
      const at = classOf[channel] * cells + cell;
      probabilities[at] = probabilities[at] + value;
      total += value;
    }
    const scale = 1 / total;
    let most = -1;
    let next = 0;
    let label = 0;
    for (let index = 0; index < classes; index++) {
      const probability = probabilities[index * cells + cell] * scale;
      probabilities[index * cells + cell] = probability;
      if (probability > most) {
        next = Math.max(most, 0);
        most = probability;
        label = index;
      } else if (probability > next) {
        next = probability;
      }
    }
    labels[cell] = label;
    best[cell] = most;
    second[cell] = next;
  }
}

/**
 * e to the power of `x`, −16 to 0, to 11 digits: additions and multiplications in a fixed order, so
 * that native code gets the same bits, which the runtimes' own exponentials do not promise.
 */
function exponential(x: number): number {
  const power = x * Math.LOG2E + ROUNDING - ROUNDING;
  const r = x - power * Math.LN2;
  let sum = 1 + r * (1 / 9);
  sum = 1 + r * (1 / 8) * sum;
  sum = 1 + r * (1 / 7) * sum;
  sum = 1 + r * (1 / 6) * sum;
  sum = 1 + r * (1 / 5) * sum;
  sum = 1 + r * (1 / 4) * sum;
  sum = 1 + r * (1 / 3) * sum;
  sum = 1 + r * (1 / 2) * sum;
  sum = 1 + r * sum;
  return sum * HALVINGS[-power | 0];
}
