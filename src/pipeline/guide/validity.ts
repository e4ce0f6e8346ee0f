import type { GuidanceReason, GuidanceValidity } from '../../domain/guidance.js';
import type { StructureClass } from '../../domain/structure.js';
import type { FrameContext } from '../frame-context.js';
import type { Scene } from './scene.js';

/** mm per pixel of the network's input that its weights were trained for. */
export interface SpacingRange {
  readonly min: number;
  readonly max: number;
}

/** Reasons that leave nothing to conclude; all others only weaken it. */
const DISABLING: readonly GuidanceReason[] = ['contact-lost'];

/** Why guidance is limited, beside what the image itself shows. */
export interface Limits {
  readonly spacingRange: SpacingRange;
  readonly isFrameRateLow: boolean;
  readonly unseen: readonly StructureClass[];
  readonly target: GuidanceReason | null;
}

/** Every reason that holds, what concerns the image first. */
export function reasonsOf(scene: Scene, limits: Limits): readonly GuidanceReason[] {
  const { reading, needle, context, plan } = scene;
  const reasons: GuidanceReason[] = [];
  if (context.isFrozen) reasons.push('frozen');
  if (reading.isContactLost) reasons.push('contact-lost');
  if (reading.isImageQualityLow) reasons.push('image-quality-low');
  if (context.spacing === null) reasons.push('spacing-unknown');
  else if (isOutside(context, limits.spacingRange)) reasons.push('spacing-outside-range');
  if (limits.isFrameRateLow) reasons.push('frame-rate-low');
  if (needle.state === 'absent' || needle.state === 'lost') reasons.push('needle-not-seen');
  else if (needle.state !== 'tip-visible') reasons.push('tip-not-visible');
  if (limits.unseen.length > 0) reasons.push('structure-not-seen');
  if (limits.target !== null) reasons.push(limits.target);
  for (const reason of plan.limits) {
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return reasons;
}

/** What the reasons amount to. Nothing in a foreign image means anything. */
export function validityOf(
  reasons: readonly GuidanceReason[],
  context: FrameContext,
): GuidanceValidity {
  if (context.isForeign || reasons.some((reason) => DISABLING.includes(reason))) {
    return 'unavailable';
  }
  return reasons.length > 0 ? 'degraded' : 'valid';
}

function isOutside({ spacing, imageToTensor }: FrameContext, { min, max }: SpacingRange): boolean {
  if (spacing === null) return false;
  const perInputPixel = [
    spacing.xMm / Math.abs(imageToTensor.a),
    spacing.yMm / Math.abs(imageToTensor.d),
  ];
  return perInputPixel.some((mm) => mm < min || mm > max);
}
