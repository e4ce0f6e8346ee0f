import type { LabelClass } from '../../domain/ground-truth.js';
import type { ClassScores } from '../../kernels/kernels.js';
import { sigmoid } from './cells.js';

/**
 * The classes by which regions are formed: the manifest's, with artery and vein taken together.
 * Which of the two a vessel is, is decided for the region as a whole, not cell by cell.
 */
export interface MergedClasses {
  readonly names: readonly LabelClass[];
  /** Index of each of the manifest's classes among the merged ones. */
  readonly mergedOf: Uint8Array;
  /** Channels of artery and vein in the logits; −1 where the model does not know the class. */
  readonly arteryChannel: number;
  readonly veinChannel: number;
}

/** The merged classes of a manifest's class list, `background` first as there. */
export function mergeVessels(classes: readonly LabelClass[]): MergedClasses {
  const names: LabelClass[] = [];
  const mergedOf = Uint8Array.from(classes, (name) => {
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

/** Empty scores of the merged classes for a grid of this many cells; buffers of the reader. */
export function createClassScores(merged: MergedClasses, cells: number): ClassScores {
  return {
    labels: new Uint8Array(cells),
    probabilities: new Float32Array(merged.names.length * cells),
    best: new Float32Array(cells),
    second: new Float32Array(cells),
  };
}

/** Artery's share of artery + vein in a cell; 0.5 where the model does not know both. */
export function arteryShareOf(
  logits: Float32Array,
  { arteryChannel, veinChannel }: MergedClasses,
  cell: number,
  cells: number,
): number {
  if (arteryChannel < 0 || veinChannel < 0) return 0.5;
  const artery = logits[arteryChannel * cells + cell];
  const vein = logits[veinChannel * cells + cell];
  return sigmoid(artery - vein);
}
