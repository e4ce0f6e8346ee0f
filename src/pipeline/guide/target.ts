import { movedBy, type PointPx } from '../../domain/geometry.js';
import type { GuidanceReason, TargetGuidance } from '../../domain/guidance.js';
import type { PlannedTarget, TargetState } from '../../domain/target.js';
import type { FrameContext, TrackedStructure } from '../frame-context.js';

/**
 * A target as it is followed. It outlives track epochs, because what makes them is what moves it.
 */
export interface FollowedTarget {
  /** The operator's word that this goes by. */
  readonly confirmation: number;
  readonly hasMoved: boolean;
  /** Last known place, image pixels; null when the image's scale or size is another one now. */
  readonly point: PointPx | null;
  /** Movement of the tissue in the image since it was confirmed, mm of the gate spacing. */
  readonly slide: { readonly xMm: number; readonly yMm: number };
  readonly isSeen: boolean;
  readonly isInImage: boolean;
  /** Scale and size of the image that `point` belongs to. */
  readonly frameKey: string;
}

/** What a frame says about where a target is. */
export interface TargetFrame {
  readonly structures: readonly TrackedStructure[];
  readonly context: FrameContext;
  readonly trackEpoch: number;
}

/**
 * Follows the target through a frame.
 *
 * It is `held` from a confirmation on until the tissue has slid by more than its tolerance since,
 * or the track epoch is another one than where it was confirmed; then it has moved for good, until
 * the operator confirms it anew. A place in the tissue moves along with the image's motion; a place
 * at a structure with that structure's outline.
 */
export function followTarget(
  previous: FollowedTarget | null,
  planned: PlannedTarget | null,
  frame: TargetFrame,
): FollowedTarget | null {
  if (planned === null) return null;
  const isNew = previous === null || previous.confirmation !== planned.confirmation;
  const before = isNew ? startAt(planned, frame) : previous;
  const { context } = frame;
  const isSameFrame = before.frameKey === frameKeyOf(context);
  const shift = isNew ? { xPx: 0, yPx: 0 } : context.tissueShiftPx;
  const slide = {
    xMm: before.slide.xMm + shift.xPx * context.gateSpacing.xMm,
    yMm: before.slide.yMm + shift.yPx * context.gateSpacing.yMm,
  };
  const place = placeOf(planned, isSameFrame ? before.point : null, shift, frame);
  return {
    confirmation: planned.confirmation,
    hasMoved:
      before.hasMoved ||
      planned.trackEpoch !== frame.trackEpoch ||
      Math.hypot(slide.xMm, slide.yMm) > planned.toleranceMm,
    point: place.point,
    slide,
    isSeen: place.isSeen,
    isInImage: place.point !== null && isInImage(place.point, context),
    frameKey: frameKeyOf(context),
  };
}

/** `moved` outranks `lost`: what was not confirmed anew is not looked for. */
export function targetState(target: FollowedTarget): TargetState {
  if (target.hasMoved) return 'moved';
  return target.isSeen && target.isInImage ? 'held' : 'lost';
}

/** Why no distance to the target may be stated whatever is known of the tip; null when one may. */
export function targetReason(target: FollowedTarget): GuidanceReason | null {
  if (target.hasMoved) return 'target-moved';
  if (!target.isSeen) return 'target-lost';
  return target.isInImage ? null : 'target-outside-image';
}

/** What is said of a target without a distance. */
export function targetWithoutDistance(
  target: FollowedTarget,
  toleranceMm: number,
  reason: GuidanceReason,
): TargetGuidance {
  return {
    state: targetState(target),
    point: target.point,
    toleranceMm,
    distanceMm: null,
    upperBoundMm: null,
    angleErrorDeg: null,
    reason,
  };
}

function startAt(planned: PlannedTarget, { context }: TargetFrame): FollowedTarget {
  return {
    confirmation: planned.confirmation,
    hasMoved: false,
    point: planned.anchor.kind === 'point' ? planned.anchor.point : null,
    slide: { xMm: 0, yMm: 0 },
    isSeen: true,
    isInImage: true,
    frameKey: frameKeyOf(context),
  };
}

function placeOf(
  { anchor, trackEpoch }: PlannedTarget,
  last: PointPx | null,
  shift: PointPx,
  frame: TargetFrame,
): { readonly point: PointPx | null; readonly isSeen: boolean } {
  const carried = last && movedBy(last, shift);
  if (anchor.kind === 'point') return { point: carried, isSeen: carried !== null };
  // In another track epoch the same id names another structure.
  const structure =
    trackEpoch === frame.trackEpoch
      ? frame.structures.find(({ id, isCoasting }) => id === anchor.structureId && !isCoasting)
      : undefined;
  if (structure === undefined) return { point: carried, isSeen: false };
  return { point: movedBy(centreOf(structure.contour), anchor.offset), isSeen: true };
}

/** Centre of a polygon's area; of its corners where it has none. */
function centreOf(contour: readonly PointPx[]): PointPx {
  let area = 0;
  let x = 0;
  let y = 0;
  let sumX = 0;
  let sumY = 0;
  const origin = contour[0] ?? { xPx: 0, yPx: 0 };
  let previous = contour.at(-1);
  for (const corner of contour) {
    if (previous !== undefined) {
      const ax = previous.xPx - origin.xPx;
      const ay = previous.yPx - origin.yPx;
      const bx = corner.xPx - origin.xPx;
      const by = corner.yPx - origin.yPx;
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
      sumX += bx;
      sumY += by;
    }
    previous = corner;
  }
  if (Math.abs(area) < 1e-9) {
    return { xPx: origin.xPx + sumX / contour.length, yPx: origin.yPx + sumY / contour.length };
  }
  return { xPx: origin.xPx + x / (3 * area), yPx: origin.yPx + y / (3 * area) };
}

function isInImage(point: PointPx, { image }: FrameContext): boolean {
  return (
    point.xPx >= -0.5 &&
    point.yPx >= -0.5 &&
    point.xPx <= image.widthPx - 0.5 &&
    point.yPx <= image.heightPx - 0.5
  );
}

function frameKeyOf({ image, spacing }: FrameContext): string {
  return `${image.widthPx}×${image.heightPx} ${spacing?.xMm} ${spacing?.yMm}`;
}
