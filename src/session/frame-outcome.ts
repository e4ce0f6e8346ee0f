import { EcholineError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import { unavailableGuidance } from '../domain/guidance.js';
import { absentNeedle } from '../domain/needle.js';
import type { FrameFindings, StageMs } from '../domain/overlay.js';
import type { RecordingSink } from '../domain/recording.js';
import type { EngineResult } from '../engine/engine-messages.js';
import { type WrittenFindings, writeFindings } from '../engine/written-findings.js';
import type { CartClock } from './session-listener.js';

/** Why a frame has an overlay without findings. */
export type NoFindings = 'engine-unavailable' | 'inference-failed' | 'decode-failed';

/** What displays are told about one frame. Superseded and expired frames have no outcome. */
export interface FrameOutcome {
  readonly frame: Frame;
  readonly trackEpoch: number;
  readonly receivedAtUs: number;
  /** How the cart's clock relates to the service's; null while unknown. */
  readonly clock: CartClock | null;
  readonly result: OutcomeResult;
  /** Where the overlay is recorded; null while nothing is. */
  readonly recording: RecordingSink | null;
}

export type OutcomeResult =
  | { readonly kind: 'ok'; readonly findings: WrittenFindings; readonly stageMs: StageMs }
  | { readonly kind: 'none'; readonly reason: NoFindings };

/** What an engine's result means for the displays. */
export function outcomeResult(result: EngineResult): OutcomeResult {
  switch (result.kind) {
    case 'ok':
      return { kind: 'ok', findings: result.findings, stageMs: result.stageMs };
    case 'invalid':
      return { kind: 'none', reason: 'decode-failed' };
    case 'failed': {
      const hasAnswered = result.error.code === 'ECHOLINE_INFERENCE_FAILED';
      return { kind: 'none', reason: hasAnswered ? 'inference-failed' : 'engine-unavailable' };
    }
  }
}

/** What a frame's overlay says; of a frame without findings that nothing may be concluded. */
export function findingsOf(result: OutcomeResult): WrittenFindings {
  return result.kind === 'ok' ? result.findings : writeFindings(noFindings(result.reason));
}

function noFindings(reason: NoFindings): FrameFindings {
  const tipReason = reason === 'decode-failed' ? 'decode-failed' : 'engine-unavailable';
  return {
    needle: absentNeedle(tipReason),
    structures: [],
    imageQuality: null,
    guidance: unavailableGuidance([reason]),
  };
}

/** Why a result is not `ok`; null for one that is. */
export function resultError(result: EngineResult): EcholineError | null {
  if (result.kind === 'ok') return null;
  const { code, message, details } = result.error;
  return new EcholineError(code, message, details);
}
