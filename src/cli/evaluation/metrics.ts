import {
  type BlockClaim,
  type BlockStatistic,
  type BlockValue,
  calibrationStatistic,
  percentileStatistic,
  ratioStatistic,
  shareStatistic,
} from './block-statistic.js';
import { type ClipEvents, CORRECT_WITHIN_MM } from './clip-events.js';
import type { FrameScore } from './score-frame.js';
import type { ClassOverlap } from './structure-overlap.js';

/** One scored frame, with the block that it is drawn with. */
export interface Sample {
  readonly block: number;
  readonly score: FrameScore;
}

/** Everything that a metric may be made from. */
export interface Samples {
  readonly frames: readonly Sample[];
  readonly clips: readonly { readonly block: number; readonly events: ClipEvents }[];
}

/** Distances within which a tip counts as found. */
const FOUND_WITHIN_MM = 2;
const FOUND_WITHIN_PX = 5;
/** Where the recall curve and the area below it end. */
export const CURVE_END_MM = 5;
/** Issue 4's distances on real frames stretched to 720 × 440, px. */
const NEAR_OF_720 = 20;
const FAR_OF_720 = 60;

type Build = (samples: Samples) => BlockStatistic;
type FramePick = (score: FrameScore) => boolean;
type FrameValue = (score: FrameScore) => number | null;

const isVisible: FramePick = ({ needle }) => needle === 'visible';
const isVisibleMm: FramePick = (score) => isVisible(score) && score.hasSpacing;
const isHidden: FramePick = ({ needle }) => needle === 'hidden';
const isFree: FramePick = ({ needle }) => needle === 'none';
const within =
  (value: FrameValue, limit: number): FramePick =>
  (score) => {
    const error = value(score);
    return error !== null && error <= limit;
  };

/** Share of the frames picked by `of` for which `is` holds. */
function shareOf(of: FramePick, is: FramePick): Build {
  return ({ frames }) =>
    shareStatistic(
      frames
        .filter(({ score }) => of(score))
        .map(({ block, score }) => ({ block, above: is(score) ? 1 : 0, below: 1 })),
    );
}

/** A percentile of what frames say; frames that say nothing are left out. */
function percentileOf(value: FrameValue, percent: number): Build {
  return ({ frames }) => percentileStatistic(valuesOf(frames, value), percent);
}

function valuesOf(frames: readonly Sample[], value: FrameValue): readonly BlockValue[] {
  return frames.flatMap(({ block, score }) => {
    const found = value(score);
    return found === null ? [] : [{ block, value: found }];
  });
}

/** A percentile of what clips say. */
function percentileOfClips(values: (events: ClipEvents) => readonly number[], percent: number) {
  return ({ clips }: Samples): BlockStatistic =>
    percentileStatistic(
      clips.flatMap(({ block, events }) => values(events).map((value) => ({ block, value }))),
      percent,
    );
}

/** Share of events that came about at all. */
function shareReached(values: (events: ClipEvents) => readonly number[]): Build {
  return ({ clips }) =>
    shareStatistic(
      clips.flatMap(({ block, events }) =>
        values(events).map((ms) => ({ block, above: Number.isFinite(ms) ? 1 : 0, below: 1 })),
      ),
    );
}

/** Area below recall(d), normalised: it is the mean of 1 − d / 5 mm, not below 0. */
const recallArea: Build = ({ frames }) =>
  ratioStatistic(
    frames
      .filter(({ score }) => isVisibleMm(score))
      .map(({ block, score }) => ({
        block,
        above: Math.max(0, 1 - (score.tipErrorMm ?? CURVE_END_MM) / CURVE_END_MM),
        below: 1,
      })),
  );

const clipSuccess: Build = ({ clips }) =>
  shareStatistic(
    clips
      .filter(({ events }) => events.isSuccess !== null)
      .map(({ block, events }) => ({ block, above: events.isSuccess ? 1 : 0, below: 1 })),
  );

const jitter: Build = ({ clips }) =>
  ratioStatistic(
    clips.map(({ block, events }) => ({
      block,
      above: events.jitterSquaredMm2,
      below: events.jitterFrames,
    })),
    Math.sqrt,
  );

/** What the published confidence says of the presence of a needle, and whether there was one. */
export function presenceClaims({ frames }: Samples): readonly BlockClaim[] {
  return frames
    .filter(({ score }) => score.needle !== 'unknown')
    .map(({ block, score }) => ({
      block,
      probability: score.confidence,
      isTrue: score.needle !== 'none',
    }));
}

/** What it says of a stated tip, and whether the true one was seen within 3 mm (5 px) of it. */
export function tipClaims({ frames }: Samples): readonly BlockClaim[] {
  return frames
    .filter(({ score }) => score.needle !== 'unknown' && score.isTipStated)
    .map(({ block, score }) => ({
      block,
      probability: score.confidence,
      isTrue: score.hasSpacing
        ? within(({ tipErrorMm }) => tipErrorMm, CORRECT_WITHIN_MM)(score)
        : within(({ tipErrorPx }) => tipErrorPx, FOUND_WITHIN_PX)(score),
    }));
}

const absolute = (value: number | null): number | null => value && Math.abs(value);
const nearMm = within(({ tipErrorMm }) => tipErrorMm, FOUND_WITHIN_MM);

/** Every metric that is one number over frames or clips. `docs/evaluation.md` says what each is. */
export const METRICS = {
  'tipErrorMm.median': percentileOf(({ tipErrorMm }) => tipErrorMm, 50),
  'tipErrorMm.p95': percentileOf(({ tipErrorMm }) => tipErrorMm, 95),
  'tipErrorPx.median': percentileOf(({ tipErrorPx }) => tipErrorPx, 50),
  'tipErrorPx.p95': percentileOf(({ tipErrorPx }) => tipErrorPx, 95),
  recallAucTo5mm: recallArea,
  recallAt2mm: shareOf(isVisibleMm, nearMm),
  recallAt5px: shareOf(
    isVisible,
    within(({ tipErrorPx }) => tipErrorPx, FOUND_WITHIN_PX),
  ),
  recallAt20pxOf720: shareOf(
    isVisible,
    within(({ tipErrorOf720 }) => tipErrorOf720, NEAR_OF_720),
  ),
  beyond60pxOf720Rate: shareOf(isVisible, ({ isTipMeasured, tipErrorOf720 }) => {
    return isTipMeasured && tipErrorOf720 !== null && tipErrorOf720 > FAR_OF_720;
  }),
  falseTipRate: shareOf(isFree, ({ isTipStated }) => isTipStated),
  hallucinatedTipRate: shareOf(isHidden, ({ isTipMeasured }) => isTipMeasured),
  hallucinatedTipFarRate: shareOf(
    (score) => isHidden(score) && score.isHiddenTipKnown,
    ({ isTipMeasured, hiddenTipErrorMm }) =>
      isTipMeasured && hiddenTipErrorMm !== null && hiddenTipErrorMm > CORRECT_WITHIN_MM,
  ),
  restingNeedleRate: shareOf(
    ({ isOnRestingNeedle }) => isOnRestingNeedle !== null,
    ({ isOnRestingNeedle }) => isOnRestingNeedle === true,
  ),
  'angleErrorDeg.median': percentileOf(({ angleErrorDeg }) => angleErrorDeg, 50),
  'angleErrorDeg.p95': percentileOf(({ angleErrorDeg }) => angleErrorDeg, 95),
  shaftRecall: shareOf(
    ({ isShaftKnown }) => isShaftKnown,
    ({ angleErrorDeg }) => angleErrorDeg !== null,
  ),
  radius90Coverage: shareOf(
    ({ isWithinRadius90 }) => isWithinRadius90 !== null,
    ({ isWithinRadius90 }) => isWithinRadius90 === true,
  ),
  presenceEce: (samples: Samples) => calibrationStatistic(presenceClaims(samples)),
  tipEce: (samples: Samples) => calibrationStatistic(tipClaims(samples)),
  'acquisitionMs.median': percentileOfClips((events) => events.acquisitionMs, 50),
  'acquisitionMs.p95': percentileOfClips((events) => events.acquisitionMs, 95),
  acquiredShare: shareReached((events) => events.acquisitionMs),
  'reacquisitionMs.median': percentileOfClips((events) => events.reacquisitionMs, 50),
  'reacquisitionMs.p95': percentileOfClips((events) => events.reacquisitionMs, 95),
  reacquiredShare: shareReached((events) => events.reacquisitionMs),
  clipSuccessRate: clipSuccess,
  jitterMm: jitter,
  'jumpMm.median': percentileOfClips((events) => events.jumpsMm, 50),
  'jumpMm.p95': percentileOfClips((events) => events.jumpsMm, 95),
  'clearanceErrorMm.median': percentileOf((score) => absolute(score.clearanceErrorMm), 50),
  'clearanceErrorMm.p95': percentileOf((score) => absolute(score.clearanceErrorMm), 95),
  clearanceBoundViolationRate: shareOf(
    ({ isBoundViolated }) => isBoundViolated !== null,
    ({ isBoundViolated }) => isBoundViolated === true,
  ),
} as const satisfies Record<string, Build>;
export type MetricName = keyof typeof METRICS;

interface ClassPart {
  readonly block: number;
  readonly overlap: ClassOverlap;
}

const classRatio =
  (
    above: (o: ClassOverlap) => number,
    below: (o: ClassOverlap) => number,
    statistic: typeof shareStatistic = ratioStatistic,
  ) =>
  (parts: readonly ClassPart[]): BlockStatistic =>
    statistic(
      parts.map(({ block, overlap }) => ({ block, above: above(overlap), below: below(overlap) })),
    );
const classMedian =
  (value: (o: ClassOverlap) => number | null) =>
  (parts: readonly ClassPart[]): BlockStatistic =>
    percentileStatistic(
      parts.flatMap(({ block, overlap }) => {
        const found = value(overlap);
        return found === null ? [] : [{ block, value: found }];
      }),
      50,
    );
const inTruth = ({ truth }: ClassOverlap): boolean => truth > 0;

/** Every metric that there is one of for each class of structure. */
export const CLASS_METRICS = {
  /** Pooled over the pixels of all frames. */
  dice: classRatio(
    ({ both }) => 2 * both,
    ({ predicted, truth }) => predicted + truth,
  ),
  /** Mean over the frames whose truth has the class. */
  diceMean: classRatio(
    (o) => (inTruth(o) ? (2 * o.both) / (o.predicted + o.truth) : 0),
    (o) => (inTruth(o) ? 1 : 0),
  ),
  hd95Mm: classMedian(({ hd95Mm }) => hd95Mm),
  hd95Px: classMedian(({ hd95Px }) => hd95Px),
  detectionF1: classRatio(
    ({ foundInstances }) => 2 * foundInstances,
    ({ truthInstances, predictedInstances }) => truthInstances + predictedInstances,
  ),
  missedRate: classRatio(
    ({ missedInstances }) => missedInstances,
    ({ truthInstances }) => truthInstances,
    shareStatistic,
  ),
} as const satisfies Record<string, (parts: readonly ClassPart[]) => BlockStatistic>;
export type ClassMetricName = keyof typeof CLASS_METRICS;

/** What frames say of each class. */
export function classParts(frames: readonly Sample[]): ReadonlyMap<string, readonly ClassPart[]> {
  const byClass = new Map<string, ClassPart[]>();
  for (const { block, score } of frames) {
    for (const overlap of score.overlaps) {
      const parts = byClass.get(overlap.class) ?? [];
      byClass.set(overlap.class, parts);
      parts.push({ block, overlap });
    }
  }
  return byClass;
}
