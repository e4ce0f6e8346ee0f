import { drawInPlaneNeedle, needlePoseAt } from './motion.js';
import type { NeedleScript } from './needle.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** How long a clip is looked ahead for places where the two tips would meet, s. */
const LOOK_AHEAD_S = 2;
/** Tips at least this far apart, as a share of the depth: nearer ones are one to the eye. */
const APART_SHARE = 0.15;
const ATTEMPTS = 20;

/**
 * Draws a second needle that lies in the tissue and is not moved, as one that was left in place or
 * that another hand holds still. Of two needles the moved one is followed.
 *
 * @returns null where no place was found apart from the followed one
 */
export function drawRestingNeedle(
  random: Random,
  view: ProbeView,
  followed: NeedleScript,
  startS: number,
): NeedleScript | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = drawInPlaneNeedle(random, view);
    const place = random.pick(drawn.keyframes);
    const resting = { ...drawn, tremorMm: 0, keyframes: [{ ...place, timeS: 0 }] };
    if (areApart(resting, followed, view, startS)) return resting;
  }
  return null;
}

function areApart(
  resting: NeedleScript,
  followed: NeedleScript,
  view: ProbeView,
  startS: number,
): boolean {
  const place = needlePoseAt(resting, startS);
  if (place === null) return false;
  for (let aheadS = 0; aheadS <= LOOK_AHEAD_S; aheadS += 0.5) {
    const pose = needlePoseAt(followed, startS + aheadS);
    if (pose === null) continue;
    const apartMm = Math.hypot(pose.tipXMm - place.tipXMm, pose.tipZMm - place.tipZMm);
    if (apartMm < APART_SHARE * view.depthMm) return false;
  }
  return true;
}
