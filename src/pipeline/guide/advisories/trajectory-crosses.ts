import type { Findings, Scene } from '../scene.js';
import { type Condition, condition } from './condition.js';

const KIND = 'trajectory-crosses';
/** How far beside every protected structure the trajectory has to pass for it to be over, mm. */
const LEAVE_MM = 1;
/** A needle that is surely drawn back faster than this is not on its way anywhere, mm/s. */
const WITHDRAWAL_MM_PER_S = 1;

/**
 * The trajectory runs through a protected structure before it comes to the target. In an
 * out-of-plane technique there is no trajectory, and a needle that is withdrawn does not follow it.
 */
export function trajectoryCrosses(scene: Scene, { trajectory, clearances }: Findings): Condition {
  const { technique } = scene.plan;
  if (technique === 'out-of-plane' || scene.needle.state === 'absent' || isWithdrawn(scene)) {
    return condition(KIND, 'off', '');
  }
  if (scene.needle.state !== 'tip-visible' || trajectory === null) {
    return condition(KIND, 'unknown', '');
  }
  const { meets } = trajectory;
  if (meets?.kind === 'structure') {
    const { structureId, structureClass } = meets;
    const text = `Trajectory meets the ${structureClass}`;
    return { kind: KIND, level: 'on', text, structureId, structureClass };
  }
  if (meets?.kind === 'target') return condition(KIND, 'off', '');
  const nearest = Math.min(...clearances.map((one) => one.trajectoryClearanceMm ?? LEAVE_MM));
  return condition(KIND, nearest < LEAVE_MM ? 'between' : 'off', '');
}

function isWithdrawn({ motion }: Scene): boolean {
  if (motion === null || motion.speedMmPerS === null) return false;
  return motion.speedMmPerS + (motion.speedSigmaMmPerS ?? 0) < -WITHDRAWAL_MM_PER_S;
}
