import { distancePx, type PointPx, type SegmentPx } from '../../domain/geometry.js';
import type { FrameFindings } from '../../domain/overlay.js';
import { distanceMm, type Spacing } from '../../domain/spacing.js';
import { CORRECT_WITHIN_MM } from './clip-events.js';
import type { EvaluationFrame, NeedleKnowledge } from './evaluation-frame.js';
import { type ClassOverlap, structureOverlaps } from './structure-overlap.js';
import { trueClearanceMm } from './true-clearance.js';
import type { TruthShapes } from './truth-shapes.js';

/** How one frame's findings compare with what is known of it. */
export interface FrameScore {
  readonly needle: NeedleKnowledge['kind'];
  readonly captureTimeUs: number;
  /** A tip was stated: measured, or predicted for a moment by the tracker. */
  readonly isTipStated: boolean;
  /** A tip was stated as measured in this frame (`tip-visible`). */
  readonly isTipMeasured: boolean;
  /** Published confidence, 0 to 1: that a needle is there, or with a tip, that it is there. */
  readonly confidence: number;
  /** Distance of the stated from the visible true tip; null unless there are both. */
  readonly tipErrorPx: number | null;
  /** null also where the spacing is unknown. */
  readonly tipErrorMm: number | null;
  /** The same if the image were stretched to 720 × 440, px: the scale of issue 4's real frames. */
  readonly tipErrorOf720: number | null;
  /** Stated minus visible true tip, mm; null as `tipErrorMm` is. */
  readonly tipOffsetMm: { readonly x: number; readonly y: number } | null;
  /**
   * Distance of the stated from the hidden true tip, mm; null unless both are known, and where the
   * spacing is unknown.
   */
  readonly hiddenTipErrorMm: number | null;
  /** A tip that cannot be seen is known all the same, in mm. */
  readonly isHiddenTipKnown: boolean;
  readonly hasSpacing: boolean;
  /**
   * Whether the stated tip is that of the resting needle, and not that of the followed one; null
   * without a visible tip of a resting needle.
   */
  readonly isOnRestingNeedle: boolean | null;
  /** Whether the true tip lies within the stated 90 % radius; null unless there are both tips. */
  readonly isWithinRadius90: boolean | null;
  readonly isShaftKnown: boolean;
  /** Between the stated and the true shaft line, 0 to 90; null unless there are both. */
  readonly angleErrorDeg: number | null;
  /** Stated minus true distance from the nearest structure not to be entered; null without both. */
  readonly clearanceErrorMm: number | null;
  /** The true distance was smaller than the stated lower bound; null as `clearanceErrorMm`. */
  readonly isBoundViolated: boolean | null;
  readonly overlaps: readonly ClassOverlap[];
}

/**
 * Compares findings with what is known of the frame.
 *
 * @param shapes - the frame's labels taken apart; null where there are none, or to leave them out
 */
export function scoreFrame(
  { frame, needle: known, resting }: EvaluationFrame,
  findings: FrameFindings,
  shapes: TruthShapes | null,
): FrameScore {
  const { needle, structures } = findings;
  const { spacing } = frame;
  const { tip } = needle;
  const trueTip = known.kind === 'visible' ? known.tip : null;
  const hiddenTip = known.kind === 'hidden' ? known.tip : null;
  const trueShaft = known.kind === 'visible' || known.kind === 'hidden' ? known.shaft : null;
  const tipErrorPx = tip && trueTip && distancePx(tip, trueTip);
  return {
    needle: known.kind,
    captureTimeUs: frame.captureTimeUs,
    isTipStated: tip !== null,
    isTipMeasured: needle.state === 'tip-visible',
    confidence: needle.confidence,
    tipErrorPx,
    tipErrorMm: tip && trueTip && spacing && distanceMm(tip, trueTip, spacing),
    tipErrorOf720:
      tip &&
      trueTip &&
      distanceMm(tip, trueTip, { xMm: 720 / frame.widthPx, yMm: 440 / frame.heightPx }),
    tipOffsetMm: tip && trueTip && spacing && offsetMm(tip, trueTip, spacing),
    hiddenTipErrorMm: tip && hiddenTip && spacing && distanceMm(tip, hiddenTip, spacing),
    isHiddenTipKnown: hiddenTip !== null && spacing !== null,
    hasSpacing: spacing !== null,
    isOnRestingNeedle: isOnResting(tip, known, resting, spacing),
    isWithinRadius90:
      tipErrorPx === null || needle.radius90Px === null ? null : tipErrorPx <= needle.radius90Px,
    isShaftKnown: trueShaft !== null,
    angleErrorDeg: trueShaft && needle.shaft && lineAngleDeg(trueShaft, needle.shaft),
    ...clearanceScore(findings, trueTip, shapes, spacing),
    overlaps: shapes === null ? [] : structureOverlaps(structures, shapes, spacing),
  };
}

/** A tip that could be either's is the followed one's. */
function isOnResting(
  stated: PointPx | null,
  followed: NeedleKnowledge,
  resting: NeedleKnowledge | undefined,
  spacing: Spacing | null,
): boolean | null {
  if (resting?.kind !== 'visible' || spacing === null) return null;
  const isAt = (tip: PointPx | null): boolean =>
    stated !== null && tip !== null && distanceMm(stated, tip, spacing) <= CORRECT_WITHIN_MM;
  const isFollowed = 'tip' in followed && isAt(followed.tip);
  return isAt(resting.tip) && !isFollowed;
}

/**
 * The same frame with the needle that the findings speak of as the one to find: a still does not
 * tell which of two is followed. Without findings it is the followed one.
 */
export function asStill(truth: EvaluationFrame, { needle }: FrameFindings): EvaluationFrame {
  const { resting, ...frame } = truth;
  if (resting === undefined) return truth;
  const isResting =
    needle.tip === null
      ? offAngleDeg(needle.shaft, resting) < offAngleDeg(needle.shaft, frame.needle)
      : offTipPx(needle.tip, resting) < offTipPx(needle.tip, frame.needle);
  return isResting ? { ...frame, needle: resting } : frame;
}

function offTipPx(stated: PointPx, known: NeedleKnowledge): number {
  return known.kind === 'visible' ? distancePx(stated, known.tip) : Number.POSITIVE_INFINITY;
}

function offAngleDeg(stated: SegmentPx | null, known: NeedleKnowledge): number {
  const shaft = 'shaft' in known ? known.shaft : null;
  return stated && shaft ? lineAngleDeg(stated, shaft) : Number.POSITIVE_INFINITY;
}

function offsetMm(stated: PointPx, truth: PointPx, { xMm, yMm }: Spacing) {
  return { x: (stated.xPx - truth.xPx) * xMm, y: (stated.yPx - truth.yPx) * yMm };
}

/** The nearest stated clearance against the true one. */
function clearanceScore(
  { guidance }: FrameFindings,
  trueTip: PointPx | null,
  shapes: TruthShapes | null,
  spacing: Spacing | null,
): Pick<FrameScore, 'clearanceErrorMm' | 'isBoundViolated'> {
  const none = { clearanceErrorMm: null, isBoundViolated: null };
  const stated = guidance.clearances.filter(({ clearanceMm }) => clearanceMm !== null);
  if (trueTip === null || shapes === null || spacing === null || stated.length === 0) return none;
  const trueMm = trueClearanceMm(trueTip, shapes, spacing);
  if (trueMm === null) return none;
  const least = (values: readonly (number | null)[]) =>
    Math.min(...values.map((value) => value ?? Number.POSITIVE_INFINITY));
  return {
    clearanceErrorMm: least(stated.map(({ clearanceMm }) => clearanceMm)) - trueMm,
    isBoundViolated: trueMm < least(stated.map(({ lowerBoundMm }) => lowerBoundMm)),
  };
}

/** Angle between two lines without direction, 0 to 90 degrees, in image pixels. */
export function lineAngleDeg(a: SegmentPx, b: SegmentPx): number {
  const angle = (line: SegmentPx) =>
    Math.atan2(line.to.yPx - line.from.yPx, line.to.xPx - line.from.xPx);
  const difference = Math.abs(((angle(a) - angle(b)) * 180) / Math.PI) % 180;
  return Math.min(difference, 180 - difference);
}
