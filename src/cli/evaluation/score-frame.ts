import { distancePx, type SegmentPx } from '../../domain/geometry.js';
import type { FrameFindings } from '../../domain/overlay.js';
import { distanceMm } from '../../domain/spacing.js';
import type { EvaluationFrame, NeedleKnowledge } from './evaluation-frame.js';
import { type ClassOverlap, structureOverlaps } from './structure-overlap.js';

/** How one frame's findings compare with what is known of it. */
export interface FrameScore {
  readonly needle: NeedleKnowledge['kind'];
  /** A tip was stated: measured, or predicted for a moment by the tracker. */
  readonly isTipStated: boolean;
  /** A tip was stated as measured in this frame (`tip-visible`). */
  readonly isTipMeasured: boolean;
  /** Distance of the stated from the visible true tip; null unless there are both. */
  readonly tipErrorPx: number | null;
  /** null also where the spacing is unknown. */
  readonly tipErrorMm: number | null;
  readonly hasSpacing: boolean;
  /** Whether the true tip lies within the stated 90 % radius; null unless there are both tips. */
  readonly isWithinRadius90: boolean | null;
  readonly isShaftKnown: boolean;
  /** Between the stated and the true shaft line, 0 to 90; null unless there are both. */
  readonly angleErrorDeg: number | null;
  readonly overlaps: readonly ClassOverlap[];
}

/** Compares findings with what is known of the frame. */
export function scoreFrame(
  { frame, needle: known, labels }: EvaluationFrame,
  { needle, structures }: FrameFindings,
): FrameScore {
  const trueTip = known.kind === 'visible' ? known.tip : null;
  const bothTips =
    trueTip !== null && needle.tip !== null ? ([needle.tip, trueTip] as const) : null;
  const tipErrorPx = bothTips === null ? null : distancePx(...bothTips);
  const trueShaft = known.kind === 'visible' || known.kind === 'hidden' ? known.shaft : null;
  return {
    needle: known.kind,
    isTipStated: needle.tip !== null,
    isTipMeasured: needle.state === 'tip-visible',
    tipErrorPx,
    tipErrorMm:
      bothTips === null || frame.spacing === null ? null : distanceMm(...bothTips, frame.spacing),
    hasSpacing: frame.spacing !== null,
    isWithinRadius90:
      tipErrorPx === null || needle.radius90Px === null ? null : tipErrorPx <= needle.radius90Px,
    isShaftKnown: trueShaft !== null,
    angleErrorDeg:
      trueShaft === null || needle.shaft === null ? null : lineAngleDeg(trueShaft, needle.shaft),
    overlaps: labels === null ? [] : structureOverlaps(structures, labels),
  };
}

/** Angle between two lines without direction, 0 to 90 degrees, in image pixels. */
export function lineAngleDeg(a: SegmentPx, b: SegmentPx): number {
  const angle = (line: SegmentPx) =>
    Math.atan2(line.to.yPx - line.from.yPx, line.to.xPx - line.from.xPx);
  const difference = Math.abs(((angle(a) - angle(b)) * 180) / Math.PI) % 180;
  return Math.min(difference, 180 - difference);
}
