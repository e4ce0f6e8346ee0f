import type { PointPx } from '../../domain/geometry.js';
import type { Needle, NeedleState, TipReason } from '../../domain/needle.js';
import type { FrameContext, NeedleReading, TipCandidate } from '../frame-context.js';

/** One frame's needle as it was read, and the frame. */
export interface NeedleSight {
  readonly reading: NeedleReading;
  /** Share of the variance of a tip's error that lasts, 0 to 1 (`FrameReading`). */
  readonly tipErrorLasting: number;
  readonly context: FrameContext;
  /** The picture shows no tissue: flat, foreign, or the probe has lost contact. */
  readonly isBlind: boolean;
}

/** A tip that was measured in this frame. */
export function visibleTip(
  position: PointPx,
  tip: TipCandidate,
  radius90Px: number,
  { reading, context }: NeedleSight,
): Needle {
  const { shaft, angleDeg } = reading;
  return {
    state: 'tip-visible',
    tip: position,
    tipReason: null,
    confidence: tip.score,
    radius90Px,
    radius90Mm: lengthMm(radius90Px, context),
    shaft: shaft === null ? null : { from: tip.shaftFrom ?? shaft.from, to: position },
    angleDeg,
    approach: 'in-plane',
  };
}

/** A tip that was not measured in this frame but is predicted for a moment. */
export function coastingTip(
  position: PointPx,
  confidence: number,
  radius90Px: number,
  { reading, context }: NeedleSight,
): Needle {
  return {
    state: 'tip-coasting',
    tip: position,
    tipReason: null,
    confidence,
    radius90Px,
    radius90Mm: lengthMm(radius90Px, context),
    shaft: reading.shaft,
    angleDeg: reading.angleDeg,
    approach: 'in-plane',
  };
}

/** A needle, or none, of which no point is the tip. */
export function withoutTip(
  state: NeedleState,
  tipReason: TipReason,
  confidence: number,
  { reading }: NeedleSight,
): Needle {
  const { shaft, angleDeg } = reading;
  const isOutOfPlane = state === 'out-of-plane';
  return {
    state,
    tip: null,
    tipReason,
    confidence,
    radius90Px: null,
    radius90Mm: null,
    shaft,
    angleDeg,
    approach: isOutOfPlane ? 'out-of-plane' : shaft === null ? 'unknown' : 'in-plane',
  };
}

/** A confirmed needle that cannot be seen any more. */
export function lostNeedle(sight: NeedleSight): Needle {
  return withoutTip('lost', sight.isBlind ? 'image-quality' : 'track-lost', 0, sight);
}

/** A single image, without memory: what it shows is what is said. */
export function stillNeedle(sight: NeedleSight): Needle {
  const { evidence, candidates, present } = sight.reading;
  const best = candidates[0];
  switch (evidence) {
    case 'tip':
      if (best !== undefined) return visibleTip(best.point, best, best.radius90Px, sight);
      return withoutTip('shaft-only', 'tip-not-visible', present, sight);
    case 'shaft':
      return withoutTip('shaft-only', 'tip-not-visible', present, sight);
    case 'dot':
      return withoutTip('out-of-plane', 'out-of-plane', present, sight);
    case 'none':
      return withoutTip('absent', absenceOf(sight), 0, sight);
  }
}

/** In an image that shows nothing, not seeing a needle does not mean that there is none. */
export function absenceOf({ context }: NeedleSight): TipReason {
  return context.isFlat || context.isForeign ? 'image-quality' : 'no-needle';
}

function lengthMm(lengthPx: number, { spacing }: FrameContext): number | null {
  return spacing === null ? null : lengthPx * Math.sqrt(spacing.xMm * spacing.yMm);
}
