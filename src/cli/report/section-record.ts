import type { NeedleState } from '../../domain/needle.js';
import type { ModelIdentity, Overlay } from '../../domain/overlay.js';
import { procedureFrameOf } from '../../domain/procedure-frame.js';
import type { StructureClass } from '../../domain/structure.js';
import type { ProcedureEvent } from '../../protocol/procedure-messages.js';
import { addMotion, type MotionRecord, NO_MOTION } from '../../session/procedure/motion-metrics.js';
import { createKeyFrameFinder, type KeyFrame } from './key-frames.js';

/** Longest time that one frame stands for, µs; longer ones are gaps. */
const GAP_US = 500_000;

/** A value at a time; null where it may not be stated. */
export interface TimedValue {
  /** Service clock, µs. */
  readonly atUs: number;
  readonly value: number | null;
}

/** A time in which the needle was in one state. */
export interface StateRun {
  readonly state: NeedleState;
  readonly startedAtUs: number;
  readonly endedAtUs: number;
}

/** What the report shows of one procedure, or of a recording without one. */
export interface SectionRecord {
  readonly motion: MotionRecord;
  readonly runs: readonly StateRun[];
  readonly depthMm: readonly TimedValue[];
  /** Lower bounds of the tip's clearance, by class. */
  readonly boundMm: ReadonlyMap<StructureClass, readonly TimedValue[]>;
  /** Area of the spread, by injection: 1, 2, … */
  readonly spreadMm2: ReadonlyMap<number, readonly TimedValue[]>;
  readonly keyFrames: readonly KeyFrame[];
  readonly model: ModelIdentity | null;
  readonly firstAtUs: number | null;
  readonly lastAtUs: number | null;
}

/** Adds up the overlays of one section. */
export interface SectionRecorder {
  add(overlay: Overlay): void;
  record(): SectionRecord;
}

export function createSectionRecorder(events: readonly ProcedureEvent[]): SectionRecorder {
  const finder = createKeyFrameFinder(events);
  const runs: StateRun[] = [];
  const depthMm: TimedValue[] = [];
  const boundMm = new Map<StructureClass, TimedValue[]>();
  const spreadMm2 = new Map<number, TimedValue[]>();
  let motion = NO_MOTION;
  let model: ModelIdentity | null = null;
  let firstAtUs: number | null = null;
  let lastAtUs: number | null = null;

  return {
    add(overlay) {
      const { guidance, needle, spread, clock } = overlay;
      const atUs = clock.receivedAtUs;
      motion = addMotion(motion, procedureFrameOf(overlay));
      finder.add(overlay);
      addRun(runs, needle.state, atUs);
      depthMm.push({ atUs, value: guidance.tip?.depthMm ?? null });
      for (const { structureClass } of guidance.clearances) {
        if (!boundMm.has(structureClass)) boundMm.set(structureClass, []);
      }
      for (const [structureClass, values] of boundMm) {
        values.push({ atUs, value: leastBoundMm(overlay, structureClass) });
      }
      if (spread !== undefined) {
        const values = spreadMm2.get(spread.injection) ?? [];
        values.push({ atUs, value: spread.areaMm2 });
        spreadMm2.set(spread.injection, values);
      }
      model = overlay.model;
      firstAtUs ??= atUs;
      lastAtUs = atUs;
    },
    record: () => ({
      motion,
      runs,
      depthMm,
      boundMm,
      spreadMm2,
      keyFrames: finder.found(),
      model,
      firstAtUs,
      lastAtUs,
    }),
  };
}

function addRun(runs: StateRun[], state: NeedleState, atUs: number): void {
  const last = runs.at(-1);
  if (last !== undefined) {
    const endedAtUs = Math.min(atUs, last.endedAtUs + GAP_US);
    runs[runs.length - 1] = { ...last, endedAtUs };
    if (last.state === state && endedAtUs === atUs) return;
  }
  runs.push({ state, startedAtUs: atUs, endedAtUs: atUs });
}

function leastBoundMm({ guidance }: Overlay, structureClass: StructureClass): number | null {
  const bounds = guidance.clearances.flatMap((one) =>
    one.structureClass === structureClass && one.lowerBoundMm !== null ? [one.lowerBoundMm] : [],
  );
  return bounds.length === 0 ? null : Math.min(...bounds);
}
