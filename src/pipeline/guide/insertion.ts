import type { Insertion, TipPosition } from '../../domain/guidance.js';
import { toWorld } from '../../domain/probe-pose.js';
import { toMm } from '../../domain/spacing.js';
import { depthMm } from '../../domain/transducer-face.js';
import { isTipMeasured, type Scene } from './scene.js';

/** Where the tip is; null unless it was measured in this frame and the spacing is known. */
export function tipPosition(scene: Scene): TipPosition | null {
  const { needle, context } = scene;
  const { spacing, probePose, face } = context;
  if (!isTipMeasured(scene) || needle.tip === null || spacing === null) return null;
  const image = toMm(needle.tip, spacing);
  return {
    image,
    world: probePose === null ? null : toWorld(image, probePose),
    depthMm: depthMm(needle.tip, face, spacing),
    depthFrom: face.kind,
  };
}

/**
 * How the needle lies and moves, from the track. Angles only in mm: in pixels that are not square
 * they would be others. An out-of-plane needle has no angle in the image.
 *
 * @returns null where no needle is followed
 */
export function insertionOf({ motion, context, plan }: Scene): Insertion | null {
  if (motion === null) return null;
  const isAngled = context.spacing !== null && plan.technique === 'in-plane';
  return {
    angleDeg: isAngled ? inclination(motion.headingDeg) : null,
    headingDeg: isAngled ? motion.headingDeg : null,
    speedMmPerS: motion.speedMmPerS,
    entry: isAngled ? motion.entry : null,
  };
}

/** Angle of a direction against the horizontal, 0 to 90. */
function inclination(headingDeg: number): number {
  const turn = Math.abs(headingDeg) % 180;
  return Math.min(turn, 180 - turn);
}
