import type { PointPx, SegmentPx } from './geometry.js';
import type { Approach } from './needle.js';
import type { Spacing } from './spacing.js';
import type { StructureClass } from './structure.js';

/**
 * Which class each pixel belongs to. `data[y * widthPx + x]` is an index into `classes`, where
 * index 0 is always `background`. Row-major, image pixels.
 */
export interface LabelMap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly classes: readonly LabelClass[];
  readonly data: Uint8Array;
}
export type LabelClass = 'background' | StructureClass;

/** The true needle of a frame, in image pixels. */
export interface NeedleTruth {
  /** The physical tip (in-plane), or where the needle crosses the image plane (out-of-plane). */
  readonly tip: PointPx;
  /**
   * Whether the tip itself can be seen: in plane, inside the image, not hidden by fading or shadow.
   * An out-of-plane dot is never a visible tip.
   */
  readonly tipVisible: boolean;
  readonly approach: Exclude<Approach, 'unknown'>;
  /** From the entry side to the tip, clipped to the image; null for an out-of-plane needle. */
  readonly shaft: SegmentPx | null;
  /** Where a bowed shaft is halfway between those ends; absent for a straight one. */
  readonly shaftMiddle?: PointPx;
  /**
   * Visibility 0 to 1 at equally spaced positions from `shaft.from` to `shaft.to`; [] without a
   * shaft.
   */
  readonly shaftVisibility: readonly number[];
}

/** A shaft whose best stretch is less visible than this cannot be seen. */
const SEEN_VISIBILITY = 0.2;

/** Whether anything of a needle can be seen; of one that crosses the plane its dot. */
export function isNeedleSeen(needle: NeedleTruth): boolean {
  if (needle.approach === 'out-of-plane' || needle.tipVisible) return true;
  return Math.max(0, ...needle.shaftVisibility) >= SEEN_VISIBILITY;
}

/**
 * Which of two needles is followed: the one that is moved, or the resting one where nothing of the
 * other can be seen.
 */
export function followedNeedle(
  moved: NeedleTruth | null,
  resting: NeedleTruth | null,
): Pick<GroundTruth, 'needle' | 'restingNeedle'> {
  if (resting === null) return { needle: moved };
  if (moved === null || !isNeedleSeen(moved)) return { needle: resting };
  return { needle: moved, restingNeedle: resting };
}

/** What is true of one simulated frame. */
export interface GroundTruth {
  /** null on a needle-free frame. Of two needles the followed one (`followedNeedle`). */
  readonly needle: NeedleTruth | null;
  /** A second needle in the picture, which lies still; absent where there is none. */
  readonly restingNeedle?: NeedleTruth;
  readonly labels: LabelMap;
  readonly spacing: Spacing;
  readonly injectateAreaMm2: number;
  /**
   * Displacement of the tissue in the image since the previous frame, px (probe motion, breathing).
   */
  readonly probeShiftPx: PointPx;
  /** 0 (no contact anywhere) to 1 (full contact). */
  readonly contact: number;
  /** 0 (useless) to 1 (clear). */
  readonly imageQuality: number;
}
