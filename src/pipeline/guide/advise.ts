import { advancingUnseen } from './advisories/advancing-unseen.js';
import { type AdvisoryState, advisedStructure } from './advisories/advisory-state.js';
import type { Condition } from './advisories/condition.js';
import { needleOutOfPlane } from './advisories/needle-out-of-plane.js';
import {
  contactLost,
  imageQualityLow,
  streamFrozen,
  streamStalled,
} from './advisories/picture-conditions.js';
import { probeMoved, type RecentShifts } from './advisories/probe-moved.js';
import { ruleAtRisk } from './advisories/rule-at-risk.js';
import { tipInside } from './advisories/tip-inside.js';
import { trajectoryCrosses } from './advisories/trajectory-crosses.js';
import type { Findings, Scene } from './scene.js';

/** What conditions need beside the frame itself. */
export interface AdviseInput {
  readonly scene: Scene;
  readonly findings: Findings;
  readonly shifts: RecentShifts;
  readonly gapUs: number | null;
  readonly imageQualityMin: number;
  /** What other stages have to say (spread). */
  readonly others: readonly Condition[];
}

/**
 * The conditions of all advisories in one frame. A frozen picture shows the past, an image without
 * contact or from elsewhere shows nothing: then only what is wrong with the picture is said.
 */
export function conditionsOf(input: AdviseInput, active: AdvisoryState): readonly Condition[] {
  const { scene, findings, shifts, gapUs, imageQualityMin, others } = input;
  const { isFrozen, isForeign } = scene.context;
  const ofPicture = [
    streamStalled(gapUs),
    streamFrozen(scene),
    contactLost(scene),
    imageQualityLow(scene, imageQualityMin),
  ];
  if (isFrozen || isForeign || scene.reading.isContactLost) return ofPicture;
  return [
    ...ofPicture,
    tipInside(scene, findings),
    ruleAtRisk(scene, findings, advisedStructure(active, 'rule-at-risk')),
    trajectoryCrosses(scene, findings),
    advancingUnseen(scene),
    needleOutOfPlane(scene),
    probeMoved(shifts),
    ...others,
  ];
}
