import { type Affine, applyAffine, invertAffine } from '../../domain/affine.js';
import { movedBy, type PointPx, type SegmentPx } from '../../domain/geometry.js';
import type { MarkedInjection, SpreadPlan } from '../../domain/guidance-plan.js';
import { toMm } from '../../domain/spacing.js';
import type { Spread, SpreadState } from '../../domain/spread.js';
import type { Condition, FrameContext, FrameTrack } from '../frame-context.js';
import type { StatefulStage } from '../stage.js';
import type { Picture } from './background.js';
import { growthRate, nextGrowth } from './growth.js';
import {
  type MeasuredSpread,
  measureChange,
  measureSpread,
  tensorSpacing,
} from './measure-spread.js';
import { spreadInVessel, spreadNotSeen } from './spread-conditions.js';
import { spreadResearch } from './spread-research.js';
import { roomFor, type SpreadRoom } from './spread-room.js';
import { type EarlierOutline, startWatch, type Watch } from './watch.js';

/** An injection that began longer ago than this has no picture from before it, µs. */
const LATE_MAX_US = 1_000_000;
/** How long the spread is watched after the injection has ended, µs. */
const AFTER_US = 2_000_000;

/** What the stage remembers of one stream. */
export interface SpreadMemory {
  /** Where the tip was measured last, tensor pixels, moved along with the tissue. */
  tip: PointPx | null;
  /** The shaft up to the tip where it was measured last, tensor pixels; a hand holds it there. */
  shaft: SegmentPx | null;
  watch: Watch | null;
  /** Null before the first injection. */
  room: SpreadRoom | null;
}

/** One frame. */
export interface SpreadInput {
  readonly picture: Picture;
  readonly track: FrameTrack;
  readonly context: FrameContext;
  readonly plan: SpreadPlan;
}

/** What the stage says of a frame; `spread` is null while no injection is watched. */
export interface SpreadOutput {
  readonly spread: Spread | null;
  readonly conditions: readonly Condition[];
}

/** The stage, with what has to happen when the tracker starts cold. */
export interface SpreadStage extends StatefulStage<SpreadMemory, SpreadInput, SpreadOutput> {
  /** State after a cold start: an injection that goes on has lost the picture from before it. */
  restart(memory: SpreadMemory): SpreadMemory;
}

const SILENT: SpreadOutput = { spread: null, conditions: [] };

/**
 * The stage that looks for injected fluid: what has become darker or brighter than the picture from
 * before the injection, with what the network calls injectate, and hangs together with the tip.
 * Without an injection it only remembers where the tip is.
 */
export const spreadStage: SpreadStage = {
  createState: () => ({ tip: null, shaft: null, watch: null, room: null }),
  restart: ({ watch, room }) => ({
    tip: null,
    shaft: null,
    watch: watch === null ? null : startWatch(watch.injection, watch.room, null, [], null),
    room,
  }),
  step: (memory, input, nowUs) => {
    const { context, track, plan } = input;
    const toTensor = context.imageToTensor;
    const shift = shiftOf(context, toTensor);
    memory.shaft = shaftOf(track, toTensor) ?? memory.shaft;
    memory.tip = nextTip(memory.tip, track, toTensor, shift);
    const { injection } = plan;
    const isOver =
      injection === null ||
      (injection.endedAtUs !== null && nowUs > injection.endedAtUs + AFTER_US);
    if (isOver || context.isStill) {
      if (isOver) memory.watch = null;
      return SILENT;
    }
    if (memory.watch?.injection !== injection.id) {
      const { picture } = input;
      memory.room = roomFor(memory.room, picture);
      const isLate = nowUs - injection.startedAtUs > LATE_MAX_US;
      const earlier = isLate ? [] : outlinesOf(track, toTensor);
      const before = isLate ? null : picture;
      memory.watch = startWatch(injection.id, memory.room, before, earlier, memory.shaft);
    } else {
      memory.watch.moved = movedBy(memory.watch.moved, shift);
    }
    return watchFrame(memory.watch, memory, input, injection, nowUs);
  },
};

function watchFrame(
  watch: Watch,
  { tip, shaft }: Pick<SpreadMemory, 'tip' | 'shaft'>,
  input: SpreadInput,
  { startedAtUs, endedAtUs }: MarkedInjection,
  nowUs: number,
): SpreadOutput {
  const { context, plan } = input;
  const { injection, before } = watch;
  if (before === null) return { spread: spreadOf(injection, 'interrupted'), conditions: [] };
  const { picture, track } = input;
  // What begins to grow once no fluid comes any more is something else: the needle drawn back.
  const isLookedFor = watch.growth.onsetUs !== null || endedAtUs === null || nowUs <= endedAtUs;
  const needle = tip !== null && isLookedFor ? { tip, shaft } : null;
  // In the frame that the injection was marked in nothing can have changed since.
  const isFirst = watch.growth.samples.length === 0;
  const change =
    needle === null || isFirst
      ? null
      : measureChange(watch, before, needle, picture, track, context);
  const tipMm = needle && toMm(needle.tip, tensorSpacing(context));
  watch.growth = nextGrowth(watch.growth, change?.changedMm2 ?? 0, tipMm, nowUs);
  const { onsetUs } = watch.growth;
  const { notSeenAfterMs } = plan;
  const isWaitedFor = notSeenAfterMs !== null && nowUs - startedAtUs >= notSeenAfterMs * 1000;
  const state: SpreadState = onsetUs !== null ? 'seen' : isWaitedFor ? 'not-seen' : 'watching';
  const measured = state === 'seen' && change !== null ? measureSpread(watch, change) : null;
  return {
    spread: state === 'seen' ? seenSpread(watch, tip, measured, input) : spreadOf(injection, state),
    conditions: [spreadNotSeen(state), spreadInVessel(measured?.vessel ?? null)],
  };
}

function seenSpread(
  watch: Watch,
  tip: PointPx | null,
  measured: MeasuredSpread | null,
  { context, track, plan }: SpreadInput,
): Spread {
  const { spacing, imageToTensor } = context;
  const { region } = watch.room;
  const hasMm = spacing !== null;
  const centroid = measured?.centroid ?? null;
  return {
    injection: watch.injection,
    state: 'seen',
    onsetUs: watch.growth.onsetUs,
    areaMm2: hasMm ? (measured?.areaMm2 ?? 0) : null,
    rateMm2PerS: hasMm ? growthRate(watch.growth) : null,
    centroid: centroid && applyAffine(invertAffine(imageToTensor), centroid),
    vesselId: measured?.vessel?.id ?? null,
    research:
      plan.isResearch && tip !== null && measured !== null
        ? spreadResearch({ grid: measured.grid, region, tip }, track, watch.earlier, imageToTensor)
        : null,
  };
}

function spreadOf(injection: number, state: Exclude<SpreadState, 'seen'>): Spread {
  return {
    injection,
    state,
    onsetUs: null,
    areaMm2: null,
    rateMm2PerS: null,
    centroid: null,
    vesselId: null,
    research: null,
  };
}

function shiftOf({ tissueShiftPx }: FrameContext, { a, d }: Affine): PointPx {
  return { xPx: tissueShiftPx.xPx * a, yPx: tissueShiftPx.yPx * d };
}

function nextTip(
  before: PointPx | null,
  { needle }: FrameTrack,
  toTensor: Affine,
  shift: PointPx,
): PointPx | null {
  if (needle.state === 'tip-visible' && needle.tip !== null) {
    return applyAffine(toTensor, needle.tip);
  }
  return before && movedBy(before, shift);
}

function shaftOf({ needle }: FrameTrack, toTensor: Affine): SegmentPx | null {
  const { state, tip, shaft } = needle;
  if (state !== 'tip-visible' || tip === null || shaft === null) return null;
  return { from: applyAffine(toTensor, shaft.from), to: applyAffine(toTensor, tip) };
}

function outlinesOf({ structures }: FrameTrack, toTensor: Affine): readonly EarlierOutline[] {
  return structures.map((one) => ({
    id: one.id,
    class: one.class,
    contour: one.contour.map((point) => applyAffine(toTensor, point)),
  }));
}
