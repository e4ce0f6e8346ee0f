import { distancePx } from '../../domain/geometry.js';
import type { Needle } from '../../domain/needle.js';
import type { NeedleMotion } from '../../domain/needle-motion.js';
import type { FrameContext, FrameTrack, NeedleEvidence, TipCandidate } from '../frame-context.js';
import { hasShaft, measureTip, sightOf, type TipMeasurement } from './choose-tip.js';
import { coast, type LastTip } from './coast.js';
import {
  absenceOf,
  lostNeedle,
  type NeedleSight,
  visibleTip,
  withoutTip,
} from './needle-report.js';
import {
  DOUBTFUL_FRAMES,
  type Insertion,
  insertionOf,
  isDoubtful,
  isForgotten,
  meet,
  RIVAL_FRAMES,
  type Rival,
  TENTATIVE_FRAMES,
  weaken,
} from './rival-tip.js';
import {
  advanceShaft,
  pointCovariance,
  type ShaftFilter,
  startShaftFilter,
  updateShaft,
  updateShaftLine,
} from './shaft-filter.js';
import { motionOf } from './shaft-motion.js';
import { tipCovariance } from './tip-covariance.js';
import { followVisibleEnd, type VisibleEnd, visibleEndMotion } from './visible-end.js';

/** Frames of memory, and how many must agree before a shaft or a dot is believed (ml.md 5). */
const MEMORY = 5;
const CONFIRMATIONS = 3;
/**
 * A tip is believed when this frame and one of the two before it show it, and no better place
 * contends. To ask more of the score keeps more wrong ones away than to wait for a third sight, as
 * frames are wrong or right together; one sight alone would let through what flickers up
 * (docs/evaluation.md).
 */
const TIP_MEMORY = 3;
const TIP_CONFIRMATIONS = 2;
/**
 * Of two places in doubt the one that is followed is this near to where it is expected, mm: the
 * gate of a tip that was not seen for some frames reaches to the other one.
 */
const DOUBTFUL_MM = 3;
/** How long a needle that was confirmed is called lost before it is called absent, µs. */
export const LOST_US = 1_000_000;
/** 99 % of chi-squared with one degree of freedom: what still is the same shaft. */
const LINE_GATE = 6.63;

/** The needle of one stream as it is followed. */
export interface NeedleTrackState {
  /** Null while no tip is followed. */
  filter: ShaftFilter | null;
  /** When that filter was started. */
  filterSinceUs: number;
  /** True once the filter's tip was confirmed. */
  isConfirmed: boolean;
  /** Evidence of the last frames, newest first. A tip outside the gate does not count as one. */
  readonly memory: NeedleEvidence[];
  lastTimeUs: number;
  lastTip: LastTip;
  /** When a confirmed needle was last seen in any way; null before. */
  lastSeenUs: number | null;
  /** A tip outside the gate, and how many frames speak for it. */
  rival: Rival | null;
  /** How the last confirmed tip was led to; null when that is too long ago. */
  lastInsertion: Insertion | null;
  /** The end of what is seen of the shaft, while no tip is followed. */
  visibleEnd: VisibleEnd | null;
}

/** What is said about the needle in one frame, and about how it moves. */
export type NeedleFollowed = Pick<FrameTrack, 'needle' | 'motion'>;

/** Nothing is followed yet. */
export function createNeedleTrack(): NeedleTrackState {
  return {
    filter: null,
    filterSinceUs: 0,
    isConfirmed: false,
    memory: [],
    lastTimeUs: 0,
    lastTip: { timeUs: 0, radius90Px: 0, score: 0 },
    lastSeenUs: null,
    rival: null,
    lastInsertion: null,
    visibleEnd: null,
  };
}

/**
 * What is said about the needle, from what single frames show.
 *
 * A confirmed tip is measured (`tip-visible`) or, for at most 300 ms, predicted (`tip-coasting`,
 * with a radius that grows), unless the picture shows no tissue; nothing is ever held.
 */
export function stepNeedleTrack(
  state: NeedleTrackState,
  sight: NeedleSight,
  nowUs: number,
): NeedleFollowed {
  const measurement = followTip(state, sight, nowUs);
  const { evidence } = sight.reading;
  state.memory.unshift(evidence === 'tip' && measurement === null ? 'shaft' : evidence);
  if (state.memory.length > MEMORY) state.memory.pop();
  state.lastTimeUs = nowUs;
  const needle = decide(state, sight, measurement, nowUs);
  if (needle.state !== 'lost' && needle.state !== 'absent' && needle.state !== 'acquiring') {
    if (evidence !== 'none') state.lastSeenUs = nowUs;
  }
  return { needle, motion: followMotion(state, needle, measurement, sight, nowUs) };
}

/** How what is shown moves: the tip, or else the end of what is seen of the shaft. */
function followMotion(
  state: NeedleTrackState,
  needle: Needle,
  measured: TipMeasurement | null,
  { context, tipErrorLasting }: NeedleSight,
  nowUs: number,
): NeedleMotion | null {
  const shaft = needle.state === 'shaft-only' ? needle.shaft : null;
  state.visibleEnd = followVisibleEnd(state.visibleEnd, shaft, context, nowUs);
  if (needle.tip === null || state.filter === null) {
    return visibleEndMotion(state.visibleEnd, context);
  }
  const { filter, filterSinceUs } = state;
  const { gateSpacing } = context;
  const covariance =
    measured === null
      ? pointCovariance(filter, gateSpacing)
      : tipCovariance(filter, measured.sight, tipErrorLasting, gateSpacing);
  return motionOf(filter, 'tip', filterSinceUs, covariance, context);
}

/** Advances the filter and takes in this frame; returns what it measures of the followed tip. */
function followTip(
  state: NeedleTrackState,
  { reading, context }: NeedleSight,
  nowUs: number,
): TipMeasurement | null {
  const { candidates, shaft, evidence } = reading;
  const { gateSpacing, tissueShiftPx } = context;
  const best = evidence === 'tip' ? (candidates[0] ?? null) : null;
  if (isForgotten(state.lastInsertion, nowUs)) state.lastInsertion = null;
  if (state.filter !== null) {
    const seconds = Math.max(0, nowUs - state.lastTimeUs) / 1e6;
    state.filter = advanceShaft(state.filter, seconds, tissueShiftPx, gateSpacing);
  }
  // A frame in doubt between two places starts nothing, but goes on with what is followed.
  const mayGoOn = best !== null || (state.isConfirmed && candidates[0]?.isTip === true);
  const filter = mayGoOn ? state.filter : null;
  const farthestMm = best === null ? DOUBTFUL_MM : Number.POSITIVE_INFINITY;
  const measured = filter && measureTip(filter, candidates, context, farthestMm);
  const chosen = measured?.tip ?? null;
  const isRival = best !== null && chosen !== best;
  state.rival = isRival ? meet(state.rival, best.point, context) : weaken(state.rival);
  const needed = best && framesNeeded(best, state, chosen !== null, context);
  const isRivalTip = needed !== null && state.rival !== null && state.rival.frames >= needed;
  if (filter !== null && measured !== null && (chosen === best || !isRivalTip)) {
    state.filter = updateShaft(filter, measured.sight, gateSpacing);
    remember(state, measured, nowUs, context);
    return measured;
  }
  if (best === null || !isRivalTip || !hasShaft(best)) {
    if (state.filter !== null && evidence === 'shaft' && shaft !== null) {
      state.filter = updateShaftLine(state.filter, shaft, LINE_GATE, gateSpacing);
    }
    return null;
  }
  // A first tip, a tentative one that jumped, or one that insists on being elsewhere.
  if (!state.isConfirmed) forgetTips(state);
  state.rival = null;
  if (state.isConfirmed) state.lastInsertion = null;
  const first = { tip: best, sight: sightOf(best, gateSpacing), radius90Px: best.radius90Px };
  state.filter = startShaftFilter(first.sight, gateSpacing);
  state.filterSinceUs = nowUs;
  remember(state, first, nowUs, context);
  return first;
}

/** How many frames must speak for a tip that is not where one is followed. */
function framesNeeded(
  tip: TipCandidate,
  state: NeedleTrackState,
  isFollowed: boolean,
  context: FrameContext,
): number {
  if (state.lastInsertion !== null && isDoubtful(tip, state.lastInsertion, context)) {
    return DOUBTFUL_FRAMES;
  }
  if (!state.isConfirmed) return isFollowed ? TENTATIVE_FRAMES : 1;
  return isFollowed ? DOUBTFUL_FRAMES : RIVAL_FRAMES;
}

function remember(
  state: NeedleTrackState,
  { tip, radius90Px }: TipMeasurement,
  nowUs: number,
  context: FrameContext,
): void {
  state.lastTip = { timeUs: nowUs, radius90Px, score: tip.score };
  if (state.isConfirmed) {
    state.lastInsertion = insertionOf(tip, state.lastInsertion, nowUs, context);
  }
}

/** Tips of another place do not confirm this one. */
function forgetTips(state: NeedleTrackState): void {
  for (let index = 0; index < state.memory.length; index++) {
    if (state.memory[index] === 'tip') state.memory[index] = 'shaft';
  }
}

function decide(
  state: NeedleTrackState,
  sight: NeedleSight,
  measured: TipMeasurement | null,
  nowUs: number,
): Needle {
  const { evidence, present } = sight.reading;
  const count = (...kinds: NeedleEvidence[]): number =>
    state.memory.filter((kind) => kinds.includes(kind)).length;
  if (state.filter !== null && !state.isConfirmed) {
    const newest = state.memory.slice(0, TIP_MEMORY).filter((kind) => kind === 'tip');
    const isSeen = measured !== null && newest.length >= TIP_CONFIRMATIONS;
    if (isSeen && state.rival === null) state.isConfirmed = true;
    else if (count('tip') === 0) state.filter = null;
  }
  if (state.filter !== null && state.isConfirmed) {
    if (measured !== null) {
      const { point } = state.filter;
      // The measurement's error points anywhere, whichever way the filter moved it.
      const moved = distancePx(point, measured.sight.point);
      const radius90Px = Math.hypot(measured.radius90Px, moved);
      return visibleTip(point, measured.tip, radius90Px, sight);
    }
    const coasting = coast(state.filter, state.lastTip, sight, nowUs);
    // Where nothing can be seen nothing is predicted, but what was followed may be found again.
    if (coasting !== null) return sight.isBlind ? lostNeedle(sight) : coasting;
    state.filter = null;
    state.isConfirmed = false;
    state.rival = null;
    forgetTips(state);
  }
  const wasSeen = state.lastSeenUs !== null && nowUs - state.lastSeenUs <= LOST_US;
  if (evidence === 'tip' || evidence === 'shaft') {
    const isBelieved = wasSeen || count('tip', 'shaft') >= CONFIRMATIONS;
    if (isBelieved) return withoutTip('shaft-only', 'tip-not-visible', present, sight);
    return withoutTip('acquiring', 'not-confirmed', present, sight);
  }
  if (evidence === 'dot') {
    const isBelieved = count('dot') >= CONFIRMATIONS;
    if (isBelieved) return withoutTip('out-of-plane', 'out-of-plane', present, sight);
    return withoutTip('acquiring', 'not-confirmed', present, sight);
  }
  if (wasSeen) return lostNeedle(sight);
  state.lastSeenUs = null;
  return withoutTip('absent', absenceOf(sight), 0, sight);
}
