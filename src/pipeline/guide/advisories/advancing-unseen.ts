import type { Scene } from '../scene.js';
import { type Condition, condition, levelAbove } from './condition.js';

const KIND = 'advancing-unseen';
/**
 * Speeds at which it begins and ends, mm/s. A needle held still jitters by less than 0.5 mm/s in
 * the track; a slow insertion is 2 to 10 mm/s.
 */
const ENTER_MM_PER_S = 2;
const LEAVE_MM_PER_S = 1;

/**
 * The needle is pushed on while its tip is not visible: one of the two most frequent errors of
 * novices (Sites 2007). On the speed less one standard deviation of it. In an out-of-plane
 * technique the tip is not expected in the image.
 */
export function advancingUnseen({ needle, motion, plan }: Scene): Condition {
  const text = 'Needle advancing, tip not visible';
  const isGone = needle.state === 'absent' || needle.state === 'tip-visible';
  if (plan.technique === 'out-of-plane' || isGone) return condition(KIND, 'off', text);
  if (needle.state !== 'shaft-only' || motion === null || motion.speedMmPerS === null) {
    return condition(KIND, 'unknown', text);
  }
  const surely = motion.speedMmPerS - (motion.speedSigmaMmPerS ?? 0);
  return condition(KIND, levelAbove(surely, ENTER_MM_PER_S, LEAVE_MM_PER_S), text);
}
