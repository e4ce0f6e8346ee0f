import type { Technique } from '../../domain/guidance-plan.js';
import { countPasses, NO_PASSES, type PassCount } from '../../domain/pass-counter.js';
import type { ProcedureFrame } from '../../domain/procedure-frame.js';
import { type AdvisoryEpisode, addEpisodes } from './advisory-episodes.js';
import { addClosest, type ClosestApproach } from './closest-approach.js';
import { addSpread, type InjectionSpread } from './injection-spread.js';
import { addVisibility, NOTHING_SEEN, unseenAdvanceMm, type Visibility } from './visibility.js';

/** Everything that is added up over the frames of a procedure. Pure data. */
export interface MotionRecord {
  readonly frames: number;
  /** Frames with unknown spacing: they have no millimetres. */
  readonly framesWithoutSpacing: number;
  readonly passCount: PassCount;
  readonly visibility: Visibility;
  readonly closest: readonly ClosestApproach[];
  readonly episodes: readonly AdvisoryEpisode[];
  readonly spreads: readonly InjectionSpread[];
}

export const NO_MOTION: MotionRecord = {
  frames: 0,
  framesWithoutSpacing: 0,
  passCount: NO_PASSES,
  visibility: NOTHING_SEEN,
  closest: [],
  episodes: [],
  spreads: [],
};

/** Adds one frame. Frames come in the order of their times. */
export function addMotion(record: MotionRecord, frame: ProcedureFrame): MotionRecord {
  return {
    frames: record.frames + 1,
    framesWithoutSpacing: record.framesWithoutSpacing + (frame.spacing === null ? 1 : 0),
    passCount: countPasses(record.passCount, frame),
    visibility: addVisibility(record.visibility, frame),
    closest: addClosest(record.closest, frame),
    episodes: addEpisodes(record.episodes, frame),
    spreads: addSpread(record.spreads, frame),
  };
}

/** The figures of `docs/procedures.md`, "Metrics". */
export interface MotionMetrics {
  /** null where `passesReason` says why. */
  readonly passes: number | null;
  readonly redirections: number | null;
  readonly passesReason: 'out-of-plane' | 'spacing-unknown' | null;
  readonly needleInViewMs: number;
  /** null out of plane: what is seen there need not be the tip. */
  readonly tipVisibleMs: number | null;
  /** Of the time that the needle was in view, 0 to 1; null while it was not. */
  readonly tipVisibleShare: number | null;
  /** null out of plane and with unknown spacing. */
  readonly unseenAdvanceMm: number | null;
  readonly closest: readonly ClosestApproach[];
  readonly advisories: readonly AdvisoryEpisode[];
  /** One for each injection that was watched, in their order. */
  readonly spreads: readonly InjectionSpread[];
  readonly frames: number;
}

/** The figures of what was added up so far. */
export function motionMetrics(record: MotionRecord, technique: Technique): MotionMetrics {
  const { frames, passCount, visibility, closest, episodes, spreads } = record;
  const isOutOfPlane = technique === 'out-of-plane';
  const isWithoutMm = frames > 0 && record.framesWithoutSpacing === frames;
  const passesReason = isOutOfPlane ? 'out-of-plane' : isWithoutMm ? 'spacing-unknown' : null;
  const { needleInViewUs, tipVisibleUs } = visibility;
  const isMeasured = passesReason === null;
  return {
    passes: isMeasured ? passCount.passes : null,
    redirections: isMeasured ? passCount.redirections : null,
    passesReason,
    needleInViewMs: Math.round(needleInViewUs / 1000),
    tipVisibleMs: isOutOfPlane ? null : Math.round(tipVisibleUs / 1000),
    tipVisibleShare: isOutOfPlane || needleInViewUs === 0 ? null : tipVisibleUs / needleInViewUs,
    unseenAdvanceMm: isMeasured ? unseenAdvanceMm(visibility) : null,
    closest,
    advisories: episodes,
    spreads,
    frames,
  };
}
