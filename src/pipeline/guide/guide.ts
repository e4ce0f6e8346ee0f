import type { Guidance } from '../../domain/guidance.js';
import { unavailableGuidance } from '../../domain/guidance.js';
import type { GuidancePlan } from '../../domain/guidance-plan.js';
import type { FrameFindings } from '../../domain/overlay.js';
import type { Structure } from '../../domain/structure.js';
import type { FrameContext, FrameReading, FrameTrack } from '../frame-context.js';
import type { StatefulStage } from '../stage.js';
import { conditionsOf } from './advise.js';
import {
  type AdvisoryState,
  activeAdvisories,
  NO_ADVISORIES,
  nextAdvisories,
} from './advisories/advisory-state.js';
import type { Condition } from './advisories/condition.js';
import { nextShifts, type RecentShifts } from './advisories/probe-moved.js';
import { clearancesOf, nearestOf } from './clearances.js';
import { type FrameRate, gapBefore, nextFrameRate, UNKNOWN_FRAME_RATE } from './frame-rate.js';
import { insertionOf, tipPosition } from './insertion.js';
import { applyRule, type RuledStructure } from './protection.js';
import type { Scene } from './scene.js';
import { type FollowedTarget, followTarget, targetReason } from './target.js';
import { targetGuidance } from './target-guidance.js';
import { passesOf, trajectoryOf, trajectorySegment } from './trajectory.js';
import { unseenClasses } from './unseen.js';
import { reasonsOf, type SpacingRange, validityOf } from './validity.js';

/** What guidance remembers of one stream. */
export interface GuideState {
  frameRate: FrameRate;
  target: FollowedTarget | null;
  shifts: RecentShifts;
  advisories: AdvisoryState;
}

/** One frame as it was read and tracked, and what guidance goes by. */
export interface GuideInput {
  readonly reading: FrameReading;
  readonly track: FrameTrack;
  readonly context: FrameContext;
  readonly trackEpoch: number;
  readonly plan: GuidancePlan;
  /** Conditions that another stage has judged; [] without one. */
  readonly others: readonly Condition[];
}

/** What the stage has to know of the model; part of its manifest. */
export interface GuideOptions {
  readonly spacingRangeMm: SpacingRange;
  readonly thresholds: { readonly imageQuality: number };
}

/** The stage, with what has to happen when the tracker starts cold. */
export interface GuideStage extends StatefulStage<GuideState, GuideInput, FrameFindings> {
  /**
   * State after a cold start: what was advised is forgotten; the target stays, since it has moved
   * by what made the start cold, and so does the frame rate.
   */
  restart(state: GuideState): GuideState;
}

/**
 * Makes the stage that says what the findings mean for the operator: the rule of each structure,
 * where the needle is and where it is heading, how far it is from what it must not enter and from
 * the target, what the operator should be told, and how much of that to believe.
 */
export function createGuide(options: GuideOptions): GuideStage {
  return {
    createState: () => ({
      frameRate: UNKNOWN_FRAME_RATE,
      target: null,
      shifts: [],
      advisories: NO_ADVISORIES,
    }),
    restart: ({ frameRate, target }) => {
      return { frameRate, target, shifts: [], advisories: NO_ADVISORIES };
    },
    step: (state, input, nowUs) => step(options, state, input, nowUs),
  };
}

function step(
  options: GuideOptions,
  state: GuideState,
  input: GuideInput,
  nowUs: number,
): FrameFindings {
  const { reading, track, context, plan, trackEpoch } = input;
  const ruled = track.structures.map((seen) => applyRule(plan, seen));
  const { needle, motion } = track;
  const scene: Scene = { reading, needle, motion, structures: ruled, context, plan };
  // Stills have no time between them.
  const isLive = !context.isStill || context.isFrozen;
  const gapUs = gapBefore(state.frameRate, nowUs);
  if (isLive) state.frameRate = nextFrameRate(state.frameRate, nowUs);
  state.target = followTarget(state.target, plan.target, {
    structures: track.structures,
    context,
    trackEpoch,
  });
  const guidance = guidanceOf(options, state, scene);
  if (isLive) {
    state.shifts = nextShifts(state.shifts, scene, nowUs);
    const conditions = conditionsOf(
      {
        scene,
        findings: guidance,
        shifts: state.shifts,
        gapUs,
        imageQualityMin: options.thresholds.imageQuality,
        others: input.others,
      },
      state.advisories,
    );
    state.advisories = nextAdvisories(state.advisories, conditions, plan, nowUs);
  }
  return {
    needle: track.needle,
    structures: ruled.map(toStructure),
    imageQuality: reading.imageQuality,
    guidance: { ...guidance, advisories: activeAdvisories(state.advisories, plan, nowUs) },
  };
}

/** All but the advisories. */
function guidanceOf(options: GuideOptions, state: GuideState, scene: Scene): Guidance {
  const { needle, structures, context, plan } = scene;
  const unseen = unseenClasses(
    plan.mustSee,
    structures.map(({ seen }) => seen),
  );
  const reasons = reasonsOf(scene, {
    spacingRange: options.spacingRangeMm,
    isFrameRateLow: state.frameRate.isLow,
    unseen,
    target: state.target && targetReason(state.target),
  });
  const validity = validityOf(reasons, context);
  if (validity === 'unavailable') return { ...unavailableGuidance(reasons), unseen };
  const isAlongShaft =
    plan.technique === 'in-plane' && needle.approach === 'in-plane' && needle.state !== 'acquiring';
  const segment = isAlongShaft ? trajectorySegment(needle.shaft, context.region) : null;
  const passes = passesOf(segment, scene);
  const clearances = clearancesOf(scene, segment, passes, unseen);
  const insertion = insertionOf(scene);
  const target = targetGuidance(scene, state.target, insertion?.headingDeg ?? null);
  const goal = target !== null && target.state === 'held' ? target.point : null;
  const place = goal && target && { point: goal, toleranceMm: target.toleranceMm };
  return {
    validity,
    reasons,
    unseen,
    clearances,
    nearest: nearestOf(structures, clearances, unseen),
    tip: tipPosition(scene),
    insertion,
    target,
    trajectory: segment && trajectoryOf(segment, scene, passes, place),
    advisories: [],
  };
}

function toStructure({ seen, rule, keepOffMm }: RuledStructure): Structure {
  const { id, confidence, contour, areaMm2, isCoasting } = seen;
  return { id, class: seen.class, confidence, contour, areaMm2, isCoasting, rule, keepOffMm };
}
