import { angleBetweenDeg, type PointPx } from '../../domain/geometry.js';
import type { TargetGuidance } from '../../domain/guidance.js';
import type { Spacing } from '../../domain/spacing.js';
import { upperBoundMm } from './distance-bound.js';
import { isTipMeasured, type Scene } from './scene.js';
import { type FollowedTarget, targetReason, targetState, targetWithoutDistance } from './target.js';
import { tipCovarianceMm } from './tip-covariance.js';

/** Nearer than this the direction to the target is noise, mm. */
const DIRECTION_MIN_MM = 1;

/**
 * How far the tip is from the target and by which angle the needle points past it. Only while the
 * target is held, the tip was measured in this frame and the spacing is known.
 */
export function targetGuidance(
  scene: Scene,
  target: FollowedTarget | null,
  headingDeg: number | null,
): TargetGuidance | null {
  const planned = scene.plan.target;
  if (target === null || planned === null) return null;
  const { needle, context, motion } = scene;
  const { toleranceMm } = planned;
  const reason = targetReason(target);
  const { tip, radius90Px } = needle;
  if (reason !== null) return targetWithoutDistance(target, toleranceMm, reason);
  if (!isTipMeasured(scene) || tip === null || radius90Px === null || target.point === null) {
    return targetWithoutDistance(target, toleranceMm, 'tip-not-visible');
  }
  const { spacing } = context;
  if (spacing === null) return targetWithoutDistance(target, toleranceMm, 'spacing-unknown');
  const { distanceMm, direction } = towards(tip, target.point, spacing);
  const covariance = tipCovarianceMm(radius90Px, motion?.tipCovariance ?? null, spacing);
  const angleErrorDeg =
    headingDeg === null || distanceMm < DIRECTION_MIN_MM
      ? null
      : angleBetweenDeg(headingDeg, (Math.atan2(direction.yMm, direction.xMm) * 180) / Math.PI);
  return {
    state: targetState(target),
    point: target.point,
    toleranceMm,
    distanceMm,
    upperBoundMm: upperBoundMm(distanceMm, { covariance, direction, otherSigmaMm: 0 }),
    angleErrorDeg,
    reason: null,
  };
}

function towards(from: PointPx, to: PointPx, spacing: Spacing) {
  const xMm = (to.xPx - from.xPx) * spacing.xMm;
  const yMm = (to.yPx - from.yPx) * spacing.yMm;
  const distanceMm = Math.hypot(xMm, yMm);
  const direction =
    distanceMm > 0 ? { xMm: xMm / distanceMm, yMm: yMm / distanceMm } : { xMm: 1, yMm: 0 };
  return { distanceMm, direction };
}
