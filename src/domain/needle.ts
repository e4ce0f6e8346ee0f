import type { PointPx, SegmentPx } from './geometry.js';

/**
 * What is known about the needle in one frame:
 * `absent` none found · `acquiring` seen, not yet confirmed · `tip-visible` the tip was measured in
 * this frame · `tip-coasting` predicted for a moment, the tip was not measured in this frame ·
 * `shaft-only` the visible end is not the tip, which may be beyond · `out-of-plane` a dot that need
 * not be the tip · `lost` was confirmed, cannot be seen any more.
 */
export type NeedleState =
  | 'absent'
  | 'acquiring'
  | 'tip-visible'
  | 'tip-coasting'
  | 'shaft-only'
  | 'out-of-plane'
  | 'lost';
export const NEEDLE_STATES: readonly NeedleState[] = [
  'absent',
  'acquiring',
  'tip-visible',
  'tip-coasting',
  'shaft-only',
  'out-of-plane',
  'lost',
];

/** `unknown` when the frame cannot tell. */
export type Approach = 'in-plane' | 'out-of-plane' | 'unknown';

/** Why there is no tip. */
export type TipReason =
  | 'no-needle'
  | 'not-confirmed'
  | 'tip-not-visible'
  | 'out-of-plane'
  | 'track-lost'
  | 'frozen'
  | 'image-quality'
  | 'imaging-mode'
  | 'several-panes'
  | 'engine-unavailable'
  | 'decode-failed';

/** 90 % radius of a circular normal distribution, in standard deviations. */
export const RADIUS90_PER_SIGMA = 2.146;

/** 90 % quantile of the distance on a line, and what a second axis known as badly adds. */
const RADIUS90_OF_LINE = 1.645;
const RADIUS90_OF_SECOND = RADIUS90_PER_SIGMA - RADIUS90_OF_LINE;

/**
 * 90 % radius of a normal distribution with these standard deviations along its two axes, in their
 * unit; it holds 89.5 to 91 % (a test integrates it).
 */
export function radius90OfAxes(one: number, other: number): number {
  const worst = Math.max(one, other);
  if (worst === 0) return 0;
  const share = Math.min(one, other) / worst;
  return (RADIUS90_OF_LINE + RADIUS90_OF_SECOND * share * share) * worst;
}

/**
 * The needle in image pixels.
 *
 * `tip` is null in every state but `tip-visible` and `tip-coasting`, and then `tipReason` says why.
 * `angleDeg` is the shaft's angle below the image's horizontal, 0 to 90, null without a shaft.
 * `radius90Px` holds the true tip with 90 % probability; null without a tip. `radius90Mm` is null
 * also when the spacing is unknown.
 */
export interface Needle {
  readonly state: NeedleState;
  readonly tip: PointPx | null;
  readonly tipReason: TipReason | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly radius90Px: number | null;
  readonly radius90Mm: number | null;
  /** From the entry side to the visible end. */
  readonly shaft: SegmentPx | null;
  readonly angleDeg: number | null;
  readonly approach: Approach;
}

/** The needle of an overlay that has none, with the reason. */
export function absentNeedle(tipReason: TipReason): Needle {
  return {
    state: 'absent',
    tip: null,
    tipReason,
    confidence: 0,
    radius90Px: null,
    radius90Mm: null,
    shaft: null,
    angleDeg: null,
    approach: 'unknown',
  };
}
