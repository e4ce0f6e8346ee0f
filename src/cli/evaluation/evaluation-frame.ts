import type { Frame } from '../../domain/frame.js';
import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import type { GroundTruth, LabelMap } from '../../domain/ground-truth.js';

/**
 * What is known of the needle: `unknown` nothing, so the frame counts for structures only · `none`
 * there certainly is none · `hidden` there is one, but its tip cannot be seen (also every
 * out-of-plane needle) · `visible` its tip is at `tip`.
 */
export type NeedleKnowledge =
  | { readonly kind: 'unknown' | 'none' }
  | { readonly kind: 'hidden'; readonly shaft: SegmentPx | null }
  | { readonly kind: 'visible'; readonly tip: PointPx; readonly shaft: SegmentPx | null };

/** A frame to score. Labels are null where nothing is known of the structures. */
export interface EvaluationFrame {
  readonly frame: Frame;
  readonly needle: NeedleKnowledge;
  readonly labels: LabelMap | null;
}

/** Frames that belong together: one clip, or a set of unrelated stills. */
export interface EvaluationSequence {
  /** Cells of the table that the sequence counts for, besides the headline. */
  readonly strata: readonly string[];
  /** False for unrelated stills, which a tracker can say nothing about. */
  readonly isClip: boolean;
  frames(): AsyncIterable<EvaluationFrame>;
}

/** What the ground truth of a simulated frame says about its needle. */
export function needleKnowledge({ needle }: GroundTruth): NeedleKnowledge {
  if (needle === null) return { kind: 'none' };
  const { tip, shaft, tipVisible } = needle;
  return tipVisible ? { kind: 'visible', tip, shaft } : { kind: 'hidden', shaft };
}
