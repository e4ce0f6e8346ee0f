import type { GroundTruth, LabelMap } from '../../../domain/ground-truth.js';
import { distanceMm } from '../../../domain/spacing.js';
import type { ProcedureFrame } from '../../../phantom/procedure/procedure-clip.js';
import type { ProcedureEvent } from '../../../phantom/procedure/procedure-event.js';
import { type NeedleKnowledge, needleKnowledge } from '../evaluation-frame.js';
import { trueClearanceMm } from '../true-clearance.js';
import { type TruthShapes, truthShapes } from '../truth-shapes.js';

/**
 * A tip that moves less than this from frame to frame is held still, mm: tremor and breathing stay
 * below, a needle that is pushed on at 4 mm/s is beyond it at 15 frames a second.
 */
const STATIONARY_MM = 0.15;

/** What is true of a frame, whoever reads it. */
export interface FrameTruth {
  readonly timeUs: number;
  readonly isFrozen: boolean;
  readonly truth: GroundTruth;
  /** Of a frozen frame nothing is known. */
  readonly needle: NeedleKnowledge;
  readonly isTipStationary: boolean;
  /** The labels taken apart; null where the tip cannot be seen, and of a frozen frame. */
  readonly shapes: TruthShapes | null;
  /** True distance of a visible tip from all that must not be entered; null without one. */
  readonly clearanceMm: number | null;
  /** Labelled fluid, mm²; null outside of injections. */
  readonly injectateMm2: number | null;
}

/** Makes a reader of the truth of one procedure's frames, which come in their order. */
export function createTruthReader(
  events: readonly ProcedureEvent[],
): (frame: ProcedureFrame) => FrameTruth {
  const injections = events.filter(({ kind }) => kind === 'injection');
  let before: GroundTruth | null = null;
  return ({ truth, isFrozen, timeUs }) => {
    const { needle, labels, spacing } = truth;
    const isTipThere = !isFrozen && needle?.tipVisible === true;
    const shapes = isTipThere ? truthShapes(labels) : null;
    const timeS = timeUs / 1e6;
    const isInjected = injections.some(({ fromS, toS }) => timeS >= fromS && timeS <= toS);
    const isTipStationary = isStationary(before, truth);
    before = truth;
    return {
      timeUs,
      isFrozen,
      truth,
      needle: isFrozen ? { kind: 'unknown' } : needleKnowledge(truth.needle),
      isTipStationary,
      shapes,
      clearanceMm:
        shapes === null || needle === null ? null : trueClearanceMm(needle.tip, shapes, spacing),
      injectateMm2: isInjected ? labelledMm2(labels, spacing) : null,
    };
  };
}

function isStationary(before: GroundTruth | null, now: GroundTruth): boolean {
  if (before === null || before.needle === null || now.needle === null) return false;
  return distanceMm(now.needle.tip, before.needle.tip, now.spacing) < STATIONARY_MM;
}

function labelledMm2({ classes, data }: LabelMap, { xMm, yMm }: GroundTruth['spacing']): number {
  const injectate = classes.indexOf('injectate');
  let pixels = 0;
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel] === injectate) pixels += 1;
  return pixels * xMm * yMm;
}
