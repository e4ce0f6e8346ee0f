/** What the needle of a held-out clip looks like. */
export type HeldoutNeedleKind =
  | 'in-plane-visible-tip'
  | 'in-plane-partial-shaft'
  | 'in-plane-hidden-tip'
  | 'out-of-plane-dot'
  | 'needle-free';

/** What a needle-free clip holds that could be taken for a needle. */
export type HeldoutDistractor = 'fascia' | 'bone-edge' | 'vessel-wall' | 'needle-like-line';

/** The cell of the evaluation table that a clip belongs to. */
export interface HeldoutStratum {
  readonly needle: HeldoutNeedleKind;
  readonly probe: 'linear' | 'curvilinear';
  readonly quality: 'clean' | 'degraded';
  /** null where there is a needle. */
  readonly distractor: HeldoutDistractor | null;
}

/** Two of seven are needle-free (28.6 %): false tips are as important as missed ones. */
const NEEDLE_CYCLE: readonly HeldoutNeedleKind[] = [
  'in-plane-visible-tip',
  'needle-free',
  'in-plane-partial-shaft',
  'out-of-plane-dot',
  'needle-free',
  'in-plane-hidden-tip',
  'in-plane-visible-tip',
];
const DISTRACTORS: readonly HeldoutDistractor[] = [
  'needle-like-line',
  'fascia',
  'vessel-wall',
  'bone-edge',
];

/**
 * The stratum of a seed. The cycles have lengths 7, 3 and 2, so any 42 consecutive seeds hold
 * every combination of needle, probe and quality; one probe in three is curvilinear.
 */
export function heldoutStratum(seed: number): HeldoutStratum {
  const needle = NEEDLE_CYCLE[seed % 7] ?? 'needle-free';
  const freeIndex = Math.floor(seed / 7) * 2 + (seed % 7 === 4 ? 1 : 0);
  return {
    needle,
    probe: seed % 3 === 2 ? 'curvilinear' : 'linear',
    quality: seed % 2 === 1 ? 'degraded' : 'clean',
    distractor: needle === 'needle-free' ? (DISTRACTORS[freeIndex % 4] ?? 'fascia') : null,
  };
}
