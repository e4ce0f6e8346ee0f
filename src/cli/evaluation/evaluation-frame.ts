import type { Frame } from '../../domain/frame.js';
import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import type { LabelMap, NeedleTruth } from '../../domain/ground-truth.js';

/**
 * What is known of the needle: `unknown` nothing, so the frame counts for structures only · `none`
 * there certainly is none · `hidden` there is one, but its tip cannot be seen (also every
 * out-of-plane needle) · `visible` its tip is at `tip`. The tip of a hidden one is null where
 * nobody knows it, and for an out-of-plane needle, of which no point in the image is the tip.
 */
export type NeedleKnowledge =
  | { readonly kind: 'unknown' | 'none' }
  | { readonly kind: 'hidden'; readonly tip: PointPx | null; readonly shaft: SegmentPx | null }
  | { readonly kind: 'visible'; readonly tip: PointPx; readonly shaft: SegmentPx | null };

/** A frame to score. Labels are null where nothing is known of the structures. */
export interface EvaluationFrame {
  readonly frame: Frame;
  /** Of two needles the one that is followed. */
  readonly needle: NeedleKnowledge;
  /** A second needle, which lies still; absent where none is known of. */
  readonly resting?: NeedleKnowledge;
  readonly labels: LabelMap | null;
}

/** Frames that belong together: one clip, or a set of unrelated stills. */
export interface EvaluationSequence {
  /** Cells of the table that the sequence counts for, besides the headline. */
  readonly strata: readonly string[];
  /**
   * What intervals are made over: sequences of one block (a clip, a group of near-duplicates) are
   * not independent of each other. null: every frame by itself.
   */
  readonly block: string | null;
  /** False for unrelated stills, which a tracker can say nothing about. */
  readonly isClip: boolean;
  /** Made by a generator: such figures and pictures are never put beside real ones. */
  readonly isSimulated: boolean;
  frames(): AsyncIterable<EvaluationFrame>;
}

/** What the ground truth of a simulated frame says about a needle; null: there is none. */
export function needleKnowledge(needle: NeedleTruth | null): NeedleKnowledge {
  if (needle === null) return { kind: 'none' };
  const { tip, shaft, tipVisible, approach } = needle;
  if (tipVisible) return { kind: 'visible', tip, shaft };
  return { kind: 'hidden', tip: approach === 'in-plane' ? tip : null, shaft };
}

/** Table cell of the side that the needle came from; null without a shaft, or an upright one. */
export function entryStratum(needle: NeedleKnowledge): string | null {
  if (needle.kind !== 'visible' && needle.kind !== 'hidden') return null;
  if (needle.shaft === null) return null;
  const { from, to } = needle.shaft;
  if (from.xPx === to.xPx) return null;
  return from.xPx < to.xPx ? 'entry: left' : 'entry: right';
}
