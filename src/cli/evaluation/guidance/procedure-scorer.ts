import type { GroundTruth } from '../../../domain/ground-truth.js';
import type { FrameFindings, StageMs } from '../../../domain/overlay.js';
import { distanceMm } from '../../../domain/spacing.js';
import type { StructureClass } from '../../../domain/structure.js';
import type { ProcedureFrame } from '../../../phantom/procedure/procedure-clip.js';
import type { ProcedureEvent } from '../../../phantom/procedure/procedure-event.js';
import { type ClipEvents, clipEvents } from '../clip-events.js';
import { needleKnowledge } from '../evaluation-frame.js';
import { type FrameScore, scoreFrame } from '../score-frame.js';
import { isProtectedClass, trueClearanceMm } from '../true-clearance.js';
import { type TruthShapes, truthShapes } from '../truth-shapes.js';
import { type AdvisoryScore, createAdvisoryScorer } from './advisory-score.js';
import { instanceDistanceMm, instanceOf } from './instance-distance.js';
import { createInjectionScorer, type InjectionScore } from './spread-score.js';

/** A tip that is hidden for longer than this must not be shown, µs. */
const HIDDEN_MAX_US = 500_000;
/**
 * A tip that moves less than this from frame to frame is held still, mm: tremor and breathing stay
 * below, a needle that is pushed on at 4 mm/s is beyond it at 15 frames a second.
 */
const STATIONARY_MM = 0.15;
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
  /** True distance below the displayed bound, mm; ≤ 0 where the bound held. */
  readonly shortfallMm: number;
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
  readonly advisories: AdvisoryScore;
  readonly injections: readonly InjectionScore[];
  readonly trackGuideMs: readonly number[];
  readonly spreadMs: readonly number[];
}

export interface ProcedureScorer {
  add(simulated: ProcedureFrame, score: ScoredInput): void;
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
  const injections = events.filter(({ kind }) => kind === 'injection').map(createInjectionScorer);
  const trackGuideMs: number[] = [];
  const spreadMs: number[] = [];
  let hiddenSinceUs: number | null = null;
  let hiddenFrames = 0;
  let hiddenShown = 0;
  let before: GroundTruth | null = null;
  return {
    add({ truth, isFrozen, timeUs }, { frame, findings, stageMs }) {
      trackGuideMs.push(stageMs.track + stageMs.guide);
      if (stageMs.spread !== undefined) spreadMs.push(stageMs.spread);
      for (const one of injections) {
        one.add(timeUs / 1e6, labelledMm2(truth), findings.spread);
      }
      const needle = isFrozen ? ({ kind: 'unknown' } as const) : needleKnowledge(truth);
      const score = scoreFrame({ frame, needle, labels: null }, findings, null);
      scores.push(score);
      still.push(isStationary(before, truth) ? score : { ...score, tipOffsetMm: null });
      before = truth;
      if (isFrozen) return;
      hiddenSinceUs = needle.kind === 'hidden' ? (hiddenSinceUs ?? timeUs) : null;
      if (hiddenSinceUs !== null && timeUs - hiddenSinceUs > HIDDEN_MAX_US) {
        hiddenFrames += 1;
        if (findings.needle.tip !== null) hiddenShown += 1;
      }
      const isTipThere = truth.needle?.tipVisible === true;
      const shapes = isTipThere ? truthShapes(truth.labels) : null;
      const clearanceMm =
        shapes === null || truth.needle === null
          ? null
          : trueClearanceMm(truth.needle.tip, shapes, truth.spacing);
      advisories.add(timeUs, clearanceMm, findings.guidance.advisories);
      if (shapes === null) return;
      for (const one of statedDistances(truth, shapes, findings)) {
        distances.push({ class: one.class, errorMm: Math.abs(one.statedMm - one.trueMm) });
        if (one.boundMm === null || one.trueMm < 0 || one.trueMm > NEAR_MM) continue;
        const key = `${one.class} ${one.id} ${Math.floor(timeUs / SEGMENT_US)}`;
        const sample = { class: one.class, shortfallMm: one.boundMm - one.trueMm };
        if (!bounds.has(key)) bounds.set(key, sample);
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
      advisories: advisories.score(),
      injections: injections.map((one) => one.score()),
      trackGuideMs,
      spreadMs,
    }),
  };
}

function isStationary(before: GroundTruth | null, now: GroundTruth): boolean {
  if (before === null || before.needle === null || now.needle === null) return false;
  return distanceMm(now.needle.tip, before.needle.tip, now.spacing) < STATIONARY_MM;
}

function labelledMm2({ labels, spacing }: GroundTruth): number {
  const injectate = labels.classes.indexOf('injectate');
  let pixels = 0;
  for (const label of labels.data) if (label === injectate) pixels += 1;
  return pixels * spacing.xMm * spacing.yMm;
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
    yield {
      id: number,
      class: shapes.labels.classes[label] as StructureClass,
      statedMm: clearanceMm,
      boundMm: lowerBoundMm,
      trueMm: instanceDistanceMm(needle.tip, number, shapes, spacing),
    };
  }
}
