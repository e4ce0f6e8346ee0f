import type { LabelClass } from '../../domain/ground-truth.js';

/**
 * The classes by which regions are formed: the manifest's, with artery and vein taken together.
 * Which of the two a vessel is, is decided for the region as a whole, not cell by cell.
 */
export interface MergedClasses {
  readonly names: readonly LabelClass[];
  /** Index of each of the manifest's classes among the merged ones. */
  readonly mergedOf: readonly number[];
  /** Channels of artery and vein in the logits; −1 where the model does not know the class. */
  readonly arteryChannel: number;
  readonly veinChannel: number;
}

/** The merged classes of a manifest's class list, `background` first as there. */
export function mergeVessels(classes: readonly LabelClass[]): MergedClasses {
  const names: LabelClass[] = [];
  const mergedOf = classes.map((name) => {
    const merged = name === 'artery' || name === 'vein' ? 'vessel' : name;
    if (!names.includes(merged)) names.push(merged);
    return names.indexOf(merged);
  });
  return {
    names,
    mergedOf,
    arteryChannel: classes.indexOf('artery'),
    veinChannel: classes.indexOf('vein'),
  };
}

/** Probabilities of one frame, by cell. Buffers of the reader. */
export interface ClassScores {
  /** Winning merged class of each cell. */
  readonly labels: Uint8Array;
  /** Probability of each merged class, [merged classes, cells]. */
  readonly probabilities: Float32Array;
  /** Probability of the winner and of the runner-up. */
  readonly best: Float32Array;
  readonly second: Float32Array;
  /** Artery's share of artery + vein; 0.5 where the model does not know both. */
  readonly arteryShare: Float32Array;
}

/** Empty scores for a grid of this many cells. */
export function createClassScores(merged: MergedClasses, cells: number): ClassScores {
  return {
    labels: new Uint8Array(cells),
    probabilities: new Float32Array(merged.names.length * cells),
    best: new Float32Array(cells),
    second: new Float32Array(cells),
    arteryShare: new Float32Array(cells),
  };
}

/** Fills the scores from the logits of the structure head. */
export function scoreClasses(
  logits: Float32Array,
  merged: MergedClasses,
  scores: ClassScores,
): void {
  const cells = scores.labels.length;
  const { probabilities } = scores;
  probabilities.fill(0);
  for (let cell = 0; cell < cells; cell++) {
    const total = addExponentials(logits, merged, probabilities, cell, cells);
    let best = -1;
    let second = 0;
    let label = 0;
    for (let index = 0; index < merged.names.length; index++) {
      const probability = probabilities[index * cells + cell] / total;
      probabilities[index * cells + cell] = probability;
      if (probability > best) {
        second = Math.max(best, 0);
        best = probability;
        label = index;
      } else if (probability > second) {
        second = probability;
      }
    }
    scores.labels[cell] = label;
    scores.best[cell] = best;
    scores.second[cell] = second;
    scores.arteryShare[cell] = shareOf(logits, merged, cell, cells);
  }
}

/** Adds exp(logit − largest logit) of each class to its merged class; returns the sum. */
function addExponentials(
  logits: Float32Array,
  merged: MergedClasses,
  sums: Float32Array,
  cell: number,
  cells: number,
): number {
  const classes = merged.mergedOf.length;
  let largest = Number.NEGATIVE_INFINITY;
  for (let channel = 0; channel < classes; channel++) {
    const logit = logits[channel * cells + cell];
    if (logit > largest) largest = logit;
  }
  let total = 0;
  for (let channel = 0; channel < classes; channel++) {
    const below = logits[channel * cells + cell] - largest;
    if (below < -16) continue;
    const value = Math.exp(below);
    const at = merged.mergedOf[channel] * cells + cell;
    sums[at] = sums[at] + value;
    total += value;
  }
  return total;
}

function shareOf(logits: Float32Array, merged: MergedClasses, cell: number, cells: number): number {
  const { arteryChannel, veinChannel } = merged;
  if (arteryChannel < 0 || veinChannel < 0) return 0.5;
  const artery = logits[arteryChannel * cells + cell];
  const vein = logits[veinChannel * cells + cell];
  return 1 / (1 + Math.exp(vein - artery));
}
