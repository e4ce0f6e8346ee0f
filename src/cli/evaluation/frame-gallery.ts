import type { ScoredFrame } from './evaluate.js';

/** A frame that was kept for the report. */
export interface KeptFrame {
  readonly category: string;
  readonly isGood: boolean;
  readonly scored: ScoredFrame;
  /** Higher is more of what its category is about. */
  readonly rank: number;
}

interface Category {
  readonly name: string;
  readonly isGood: boolean;
  readonly keep: number;
  /** null: the frame has no place here. */
  rank(scored: ScoredFrame): number | null;
}

const CATEGORIES: readonly Category[] = [
  {
    name: 'nearest to the true tip',
    isGood: true,
    keep: 4,
    rank: ({ score }) => (score.isTipMeasured && score.tipErrorMm ? -score.tipErrorMm : null),
  },
  {
    name: 'hidden tip, and nothing claimed',
    isGood: true,
    keep: 2,
    rank: ({ score }) =>
      score.needle === 'hidden' && !score.isTipStated && score.angleErrorDeg !== null
        ? -score.angleErrorDeg
        : null,
  },
  {
    name: 'a tip where there is no needle',
    isGood: false,
    keep: 3,
    rank: ({ score }) => (score.needle === 'none' && score.isTipStated ? score.confidence : null),
  },
  {
    name: 'a hidden tip said to be seen',
    isGood: false,
    keep: 2,
    rank: ({ score }) => (score.isTipMeasured ? score.hiddenTipErrorMm : null),
  },
  {
    name: 'farthest from the true tip',
    isGood: false,
    keep: 3,
    rank: ({ score }) => score.tipErrorMm,
  },
  {
    name: 'a visible tip that was not stated',
    isGood: false,
    keep: 2,
    rank: ({ score }) =>
      score.needle === 'visible' && !score.isTipStated ? score.captureTimeUs : null,
  },
];

/** Keeps the best and the worst frames of simulated clips. */
export interface FrameGallery {
  add(scored: ScoredFrame): void;
  kept(): readonly KeptFrame[];
}

/** At most one frame a clip in each category. Real frames are never kept. */
export function createFrameGallery(): FrameGallery {
  const kept = CATEGORIES.map(() => [] as KeptFrame[]);
  return {
    add(scored) {
      if (!scored.sequence.isSimulated || scored.mode !== 'tracked') return;
      for (const [index, category] of CATEGORIES.entries()) {
        const rank = category.rank(scored);
        const list = kept[index];
        if (rank === null || list === undefined) continue;
        const rival = list.findIndex(
          (other) => other.scored.sequence.block === scored.sequence.block,
        );
        if (rival >= 0 && (list[rival]?.rank ?? 0) >= rank) continue;
        if (rival >= 0) list.splice(rival, 1);
        list.push({ category: category.name, isGood: category.isGood, scored, rank });
        list.sort((a, b) => b.rank - a.rank);
        list.length = Math.min(list.length, category.keep);
      }
    },
    kept: () => kept.flat(),
  };
}
