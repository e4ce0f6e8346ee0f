import type { GroundTruth } from '../../../domain/ground-truth.js';
import { SURE_OUTLINE } from '../../../domain/outline-error.js';
import type { FrameFindings, StageMs } from '../../../domain/overlay.js';
import type { StructureClass } from '../../../domain/structure.js';
import { isInjection, type ProcedureEvent } from '../../../phantom/procedure/procedure-event.js';
import { outlineDistance } from '../../../pipeline/guide/outline-distance.js';
import { type ClipEvents, CORRECT_WITHIN_MM, clipEvents } from '../clip-events.js';
import { type FrameScore, scoreFrame } from '../score-frame.js';
import { isProtectedClass } from '../true-clearance.js';
import type { TruthShapes } from '../truth-shapes.js';
import { type AdvisoryScore, createAdvisoryScorer } from './advisory-score.js';
import type { FrameTruth } from './frame-truth.js';
import { instanceDistanceMm, instanceOf } from './instance-distance.js';
import { createInjectionScorer, type InjectionScore } from './spread-score.js';

/** A tip that is hidden for longer than this must not be shown, µs. */
const HIDDEN_MAX_US = 500_000;
/** Distances within this are where a bound matters, mm. */
const NEAR_MM = 5;
/** Frames of one structure within this time resemble each other, µs. */
const SEGMENT_US = 500_000;

/** A stated distance against the true one, mm. */
export interface StatedDistance {
  readonly class: StructureClass;
  readonly errorMm: number;
}

/** The first near frame of a stretch of half a second of one structure. */
export interface BoundSample {
  readonly class: StructureClass;
  /** What the structure was taken for. */
  readonly stated: StructureClass;
  readonly isSure: boolean;
  /** True distance below the displayed bound, mm; ≤ 0 where the bound held. */
  readonly shortfallMm: number;
  /** Error of the outline alone: its distance from the true tip minus the true one, mm. */
  readonly outlineMm: number;
  /** What the error of the tip adds to that, mm. */
  readonly tipMm: number;
}

/** What one procedure adds to the table. */
export interface ProcedureScore {
  readonly frames: number;
  readonly distances: readonly StatedDistance[];
  readonly bounds: readonly BoundSample[];
  /** Acquisition of all frames; jitter and jumps of those with a stationary tip. */
  readonly events: ClipEvents;
  readonly jitter: Pick<ClipEvents, 'jitterSquaredMm2' | 'jitterFrames' | 'jumpsMm'>;
  readonly hiddenFrames: number;
  readonly hiddenShown: number;
  /** Of those, shown more than `CORRECT_WITHIN_MM` from the true tip. */
  readonly hiddenShownFar: number;
  readonly advisories: AdvisoryScore;
  readonly injections: readonly InjectionScore[];
  readonly trackGuideMs: readonly number[];
  readonly spreadMs: readonly number[];
}

export interface ProcedureScorer {
  add(known: FrameTruth, score: ScoredInput): void;
  score(): ProcedureScore;
}

/** What came of a frame. */
export interface ScoredInput {
  readonly frame: Parameters<typeof scoreFrame>[0]['frame'];
  readonly findings: FrameFindings;
  readonly stageMs: StageMs;
}

/** Collects what one procedure says about every row of the table. */
export function createProcedureScorer(events: readonly ProcedureEvent[]): ProcedureScorer {
  const scores: FrameScore[] = [];
  const still: FrameScore[] = [];
  const distances: StatedDistance[] = [];
  const bounds = new Map<string, BoundSample>();
  const advisories = createAdvisoryScorer();
  const injections = events.filter(isInjection).map(createInjectionScorer);
  const trackGuideMs: number[] = [];
  const spreadMs: number[] = [];
  let hiddenSinceUs: number | null = null;
  let hiddenFrames = 0;
  let hiddenShown = 0;
  let hiddenShownFar = 0;
  return {
    add({ timeUs, ...known }, { frame, findings, stageMs }) {
      trackGuideMs.push(stageMs.track + stageMs.guide);
      if (stageMs.spread !== undefined) spreadMs.push(stageMs.spread);
      for (const one of injections) one.add(timeUs / 1e6, known.injectateMm2, findings.spread);
      const { needle, shapes, truth } = known;
      const score = scoreFrame({ frame, needle, labels: null }, findings, null);
      scores.push(score);
      still.push(known.isTipStationary ? score : { ...score, tipOffsetMm: null });
      if (known.isFrozen) return;
      hiddenSinceUs = needle.kind === 'hidden' ? (hiddenSinceUs ?? timeUs) : null;
      if (hiddenSinceUs !== null && timeUs - hiddenSinceUs > HIDDEN_MAX_US) {
        hiddenFrames += 1;
        if (findings.needle.tip !== null) hiddenShown += 1;
        if ((score.hiddenTipErrorMm ?? 0) > CORRECT_WITHIN_MM) hiddenShownFar += 1;
      }
      advisories.add(timeUs, known.clearanceMm, findings.guidance.advisories);
      if (shapes === null) return;
      for (const one of statedDistances(truth, shapes, findings)) {
        const { class: name, errorMm, trueMm, boundMm } = one;
        distances.push({ class: name, errorMm: Math.abs(errorMm) });
        if (boundMm === null || trueMm < 0 || trueMm > NEAR_MM) continue;
        const key = `${name} ${one.id} ${Math.floor(timeUs / SEGMENT_US)}`;
        if (bounds.has(key)) continue;
        const { outlineMm } = one;
        const tipMm = errorMm - outlineMm;
        const shortfallMm = boundMm - trueMm;
        const { stated, isSure } = one;
        bounds.set(key, { class: name, stated, isSure, shortfallMm, outlineMm, tipMm });
      }
    },
    score: () => ({
      frames: scores.length,
      distances,
      bounds: [...bounds.values()],
      events: clipEvents(scores),
      jitter: clipEvents(still),
      hiddenFrames,
      hiddenShown,
      hiddenShownFar,
      advisories: advisories.score(),
      injections: injections.map((one) => one.score()),
      trackGuideMs,
      spreadMs,
    }),
  };
}

/** Each stated distance beside the true one of the region that its contour is about. */
function* statedDistances(
  { needle, spacing }: GroundTruth,
  shapes: TruthShapes,
  { guidance, structures }: FrameFindings,
) {
  if (needle === null) return;
  for (const { structureId, clearanceMm, lowerBoundMm } of guidance.clearances) {
    const structure = structures.find(({ id }) => id === structureId);
    if (structure === undefined || clearanceMm === null) continue;
    const number = instanceOf(structure.contour, shapes, isProtectedClass);
    if (number === null) continue;
    const label = shapes.instances[number - 1]?.label ?? 0;
    const trueMm = instanceDistanceMm(needle.tip, number, shapes, spacing);
    yield {
      id: number,
      class: shapes.labels.classes[label] as StructureClass,
      stated: structure.class,
      isSure: structure.confidence >= SURE_OUTLINE,
      errorMm: clearanceMm - trueMm,
      boundMm: lowerBoundMm,
      trueMm,
      outlineMm: outlineDistance(needle.tip, structure.contour, spacing).distanceMm - trueMm,
    };
  }
}
