import type { Frame } from '../../src/domain/frame.js';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import type { GuidancePlan } from '../../src/domain/guidance-plan.js';
import { absentNeedle } from '../../src/domain/needle.js';
import { NO_STAGE_MS } from '../../src/domain/overlay.js';
import type { EngineResult, HopTimes } from '../../src/engine/engine-messages.js';
import type { EngineStream, EngineStreamListener } from '../../src/engine/engine-stream.js';
import { writeFindings } from '../../src/engine/written-findings.js';

/** A result of an engine that found nothing. */
export const OK_RESULT: EngineResult = {
  kind: 'ok',
  findings: writeFindings({
    needle: absentNeedle('no-needle'),
    structures: [],
    imageQuality: 0.9,
    guidance: unavailableGuidance(['needle-not-seen']),
  }),
  stageMs: { ...NO_STAGE_MS, infer: 4 },
};

/** An engine that answers when the test says so. */
export interface FakeEngine {
  open(listener: EngineStreamListener): EngineStream;
  readonly submitted: { readonly frame: Frame; readonly trackEpoch: number }[];
  /** Plans that the engine was told, oldest first. */
  readonly plans: readonly GuidancePlan[];
  readonly opened: number;
  readonly closed: number;
  /** Answers the oldest unanswered frame. */
  answer(result?: EngineResult): void;
  /** Dies as the pool reports it; `isReplaced`: a spare is there at once. */
  die(isReplaced: boolean): void;
  /** Comes back after a death without a spare. */
  recover(): void;
}

export function createFakeEngine(): FakeEngine {
  const submitted: { frame: Frame; trackEpoch: number }[] = [];
  const plans: GuidancePlan[] = [];
  let pending: ((result: EngineResult, times: HopTimes | null) => void)[] = [];
  let listener: EngineStreamListener | null = null;
  let isAvailable = true;
  let opened = 0;
  let closed = 0;
  return {
    submitted,
    plans,
    get opened() {
      return opened;
    },
    get closed() {
      return closed;
    },
    open(streamListener) {
      listener = streamListener;
      opened += 1;
      return {
        isAvailable: () => isAvailable,
        submit(frame, trackEpoch, onResult) {
          submitted.push({ frame, trackEpoch });
          pending.push(onResult);
        },
        setPlan(plan) {
          plans.push(plan);
        },
        close() {
          closed += 1;
        },
      };
    },
    answer(result = OK_RESULT) {
      const [first, ...rest] = pending;
      pending = rest;
      first?.(result, { sentAtUs: 0, receivedAtUs: 100, doneAtUs: 4100, heardAtUs: 4300 });
    },
    die(isReplaced) {
      isAvailable = isReplaced;
      const failed = pending;
      pending = [];
      listener?.onEngineLost();
      const code = 'ECHOLINE_INFERENCE_ENGINE_DIED';
      for (const onResult of failed) {
        onResult({ kind: 'failed', error: { code, message: 'died', details: {} } }, null);
      }
      if (isReplaced) listener?.onEngineReady();
    },
    recover() {
      isAvailable = true;
      listener?.onEngineReady();
    },
  };
}
