import type { PointPx } from '../../domain/geometry.js';
import type { Needle, NeedleState, TipReason } from '../../domain/needle.js';
import type {
  FrameContext,
  FrameReading,
  FrameTrack,
  NeedleEvidence,
  TipCandidate,
} from '../frame-context.js';
import type { StatefulStage } from '../stage.js';
import { type Kalman, positionSigma } from './kalman.js';
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
import { advance, chooseInGate, correct, mmPerPx, startAt } from './tip-filter.js';

/** Frames of memory and how many of them must agree before anything is believed (ml.md 5). */
const MEMORY = 5;
const CONFIRMATIONS = 3;
/** Longest time that a tip is predicted without being measured, µs. */
export const COAST_MAX_US = 300_000;
/** Prediction also ends when it is no better known than this (standard deviation), mm. */
const COAST_SIGMA_MAX_MM = 2.5;
/** How long a needle that was confirmed is called lost before it is called absent, µs. */
export const LOST_US = 1_000_000;
/** 90 % radius of a circular normal distribution, in standard deviations. */
const RADIUS90_PER_SIGMA = 2.146;

/** The needle of one stream as it is followed. */
export interface TrackState {
  /** Null while no tip is followed. */
  filter: Kalman | null;
  /** True once the filter's tip was confirmed. */
  isConfirmed: boolean;
  /** Evidence of the last frames, newest first. A tip outside the gate does not count as one. */
  readonly memory: NeedleEvidence[];
  lastTimeUs: number;
  /** When the tip was last measured, and how. */
  lastTipUs: number;
  lastRadius90Px: number;
  lastScore: number;
  /** When a confirmed needle was last seen in any way; null before. */
  lastSeenUs: number | null;
  /** A tip outside the gate, and how many frames speak for it. */
  rival: Rival | null;
  /** How the last confirmed tip was led to; null when that is too long ago. */
  lastInsertion: Insertion | null;
}

/** One frame as it was read. */
export interface TrackInput {
  readonly reading: FrameReading;
  readonly context: FrameContext;
}

/**
 * The stage that decides what is said about the needle, from what single frames show.
 *
 * A confirmed tip is measured (`tip-visible`) or, for at most 300 ms, predicted (`tip-coasting`,
 * with a radius that grows); nothing is ever held. Stills and frozen images are read by themselves.
 */
export const trackStage: StatefulStage<TrackState, TrackInput, FrameTrack> = {
  createState: () => ({
    filter: null,
    isConfirmed: false,
    memory: [],
    lastTimeUs: 0,
    lastTipUs: 0,
    lastRadius90Px: 0,
    lastScore: 0,
    lastSeenUs: null,
    rival: null,
    lastInsertion: null,
  }),
  step: (state, input, nowUs) => ({
    needle: stepNeedle(state, input, nowUs),
    motion: null,
    structures: input.reading.structures.map((seen) => ({ ...seen, isCoasting: false })),
  }),
};

function stepNeedle(state: TrackState, input: TrackInput, nowUs: number): Needle {
  if (input.context.isStill) return readStill(input);
  const tip = followTip(state, input, nowUs);
  const { evidence } = input.reading.needle;
  state.memory.unshift(evidence === 'tip' && tip === null ? 'shaft' : evidence);
  if (state.memory.length > MEMORY) state.memory.pop();
  state.lastTimeUs = nowUs;
  const needle = decide(state, input, tip, nowUs);
  if (needle.state !== 'lost' && needle.state !== 'absent' && needle.state !== 'acquiring') {
    if (evidence !== 'none') state.lastSeenUs = nowUs;
  }
  return needle;
}

/** Advances the filter and takes in this frame's tip; returns the candidate that was taken. */
function followTip(state: TrackState, input: TrackInput, nowUs: number): TipCandidate | null {
  const { context } = input;
  const { candidates, shaft, evidence } = input.reading.needle;
  const best = evidence === 'tip' ? (candidates[0] ?? null) : null;
  if (isForgotten(state.lastInsertion, nowUs)) state.lastInsertion = null;
  if (state.filter !== null) {
    state.filter = advance(state.filter, nowUs - state.lastTimeUs, context);
  }
  // A frame in doubt between two places starts nothing, but goes on with what is followed.
  const mayGoOn = best !== null || (state.isConfirmed && candidates[0]?.isTip === true);
  const filter = mayGoOn ? state.filter : null;
  const chosen = filter && chooseInGate(filter, candidates, shaft, context);
  const isRival = best !== null && chosen !== best;
  state.rival = isRival ? meet(state.rival, best.point, context) : weaken(state.rival);
  const needed = best && framesNeeded(best, state, chosen !== null, context);
  const isRivalTip = needed !== null && state.rival !== null && state.rival.frames >= needed;
  if (filter !== null && chosen !== null && (chosen === best || !isRivalTip)) {
    state.filter = correct(filter, chosen, shaft, context);
    return measured(state, chosen, nowUs, context);
  }
  if (best === null || !isRivalTip) return null;
  // A first tip, a tentative one that jumped, or one that insists on being elsewhere.
  if (!state.isConfirmed) forgetTips(state);
  state.rival = null;
  if (state.isConfirmed) state.lastInsertion = null;
  state.filter = startAt(best, shaft, context);
  return measured(state, best, nowUs, context);
}

/** How many frames must speak for a tip that is not where one is followed. */
function framesNeeded(
  tip: TipCandidate,
  state: TrackState,
  isFollowed: boolean,
  context: FrameContext,
): number {
  if (state.lastInsertion !== null && isDoubtful(tip, state.lastInsertion, context)) {
    return DOUBTFUL_FRAMES;
  }
  if (!state.isConfirmed) return isFollowed ? TENTATIVE_FRAMES : 1;
  return isFollowed ? DOUBTFUL_FRAMES : RIVAL_FRAMES;
}

function measured(
  state: TrackState,
  tip: TipCandidate,
  nowUs: number,
  context: FrameContext,
): TipCandidate {
  state.lastTipUs = nowUs;
  state.lastRadius90Px = tip.radius90Px;
  state.lastScore = tip.score;
  if (state.isConfirmed) {
    state.lastInsertion = insertionOf(tip, state.lastInsertion, nowUs, context);
  }
  return tip;
}

/** Tips of another place do not confirm this one. */
function forgetTips(state: TrackState): void {
  for (let index = 0; index < state.memory.length; index++) {
    if (state.memory[index] === 'tip') state.memory[index] = 'shaft';
  }
}

function decide(
  state: TrackState,
  input: TrackInput,
  tip: TipCandidate | null,
  nowUs: number,
): Needle {
  const { evidence, present } = input.reading.needle;
  const count = (...kinds: NeedleEvidence[]): number =>
    state.memory.filter((kind) => kinds.includes(kind)).length;
  if (state.filter !== null && !state.isConfirmed) {
    if (count('tip') >= CONFIRMATIONS) state.isConfirmed = true;
    else if (count('tip') === 0) state.filter = null;
  }
  if (state.filter !== null && state.isConfirmed) {
    if (tip !== null) return visible(state.filter.position, tip, input);
    const sigmaPx = positionSigma(state.filter);
    const isKnown = sigmaPx * mmPerPx(input.context) <= COAST_SIGMA_MAX_MM;
    const coastedUs = nowUs - state.lastTipUs;
    if (coastedUs <= COAST_MAX_US && isKnown) return coasting(state, sigmaPx, coastedUs, input);
    state.filter = null;
    state.isConfirmed = false;
    state.rival = null;
    forgetTips(state);
  }
  const wasSeen = state.lastSeenUs !== null && nowUs - state.lastSeenUs <= LOST_US;
  if (evidence === 'tip' || evidence === 'shaft') {
    const isBelieved = wasSeen || count('tip', 'shaft') >= CONFIRMATIONS;
    if (isBelieved) return withoutTip('shaft-only', 'tip-not-visible', present, input);
    return withoutTip('acquiring', 'not-confirmed', present, input);
  }
  if (evidence === 'dot') {
    const isBelieved = count('dot') >= CONFIRMATIONS;
    if (isBelieved) return withoutTip('out-of-plane', 'out-of-plane', present, input);
    return withoutTip('acquiring', 'not-confirmed', present, input);
  }
  if (wasSeen) return withoutTip('lost', 'track-lost', 0, input);
  state.lastSeenUs = null;
  return withoutTip('absent', absenceOf(input), 0, input);
}

function visible(position: PointPx, tip: TipCandidate, input: TrackInput): Needle {
  const { shaft, angleDeg } = input.reading.needle;
  return {
    state: 'tip-visible',
    tip: position,
    tipReason: null,
    confidence: tip.score,
    radius90Px: tip.radius90Px,
    radius90Mm: inMm(tip.radius90Px, input.context),
    shaft: shaft === null ? null : { from: tip.shaftFrom ?? shaft.from, to: position },
    angleDeg,
    approach: 'in-plane',
  };
}

function coasting(
  state: TrackState,
  sigmaPx: number,
  coastedUs: number,
  input: TrackInput,
): Needle {
  const { shaft, angleDeg } = input.reading.needle;
  const radius90Px = Math.hypot(state.lastRadius90Px, RADIUS90_PER_SIGMA * sigmaPx);
  return {
    state: 'tip-coasting',
    tip: state.filter?.position ?? null,
    tipReason: null,
    confidence: state.lastScore * (1 - coastedUs / (2 * COAST_MAX_US)),
    radius90Px,
    radius90Mm: inMm(radius90Px, input.context),
    shaft,
    angleDeg,
    approach: 'in-plane',
  };
}

function withoutTip(
  needleState: NeedleState,
  tipReason: TipReason,
  confidence: number,
  input: TrackInput,
): Needle {
  const { shaft, angleDeg } = input.reading.needle;
  const isOutOfPlane = needleState === 'out-of-plane';
  return {
    state: needleState,
    tip: null,
    tipReason,
    confidence,
    radius90Px: null,
    radius90Mm: null,
    shaft,
    angleDeg,
    approach: isOutOfPlane ? 'out-of-plane' : shaft === null ? 'unknown' : 'in-plane',
  };
}

/** A single image, without memory: what it shows is what is said. */
function readStill(input: TrackInput): Needle {
  const { evidence, candidates, present } = input.reading.needle;
  const best = candidates[0];
  switch (evidence) {
    case 'tip':
      if (best !== undefined) return visible(best.point, best, input);
      return withoutTip('shaft-only', 'tip-not-visible', present, input);
    case 'shaft':
      return withoutTip('shaft-only', 'tip-not-visible', present, input);
    case 'dot':
      return withoutTip('out-of-plane', 'out-of-plane', present, input);
    case 'none':
      return withoutTip('absent', absenceOf(input), 0, input);
  }
}

/** In an image that shows nothing, not seeing a needle does not mean that there is none. */
function absenceOf({ context }: TrackInput): TipReason {
  return context.isFlat || context.isForeign ? 'image-quality' : 'no-needle';
}

function inMm(lengthPx: number, context: FrameContext): number | null {
  if (context.spacing === null) return null;
  return lengthPx * Math.sqrt(context.spacing.xMm * context.spacing.yMm);
}
