import type { FrameIdentity } from './frame.js';
import type { StageMs } from './overlay.js';
import type { VerdictKind } from './verdict.js';

/**
 * When one frame was where in the service; for traces. All times are µs of the machine's monotonic
 * clock, in the order in which they are listed.
 */
export interface FrameJourney extends FrameIdentity {
  readonly stream: string;
  readonly verdict: VerdictKind;
  /** The cart's capture time on the service's clock; null while the cart's clock is not known. */
  readonly dueAtUs: number | null;
  /** The frame message was there, completely. */
  readonly receivedAtUs: number;
  /** It was read, its picture passed on, and it went to admission. */
  readonly offeredAtUs: number;
  /** null for a frame that no engine answered. */
  readonly engine: EngineJourney | null;
  /** Its overlay was handed to every display, or without one: it had its verdict. */
  readonly endedAtUs: number;
}

/** The part of a journey that goes through an engine. */
export interface EngineJourney {
  /** It was admitted and sent to the engine. */
  readonly sentAtUs: number;
  readonly receivedAtUs: number;
  readonly doneAtUs: number;
  /** The service had the result. */
  readonly heardAtUs: number;
  /** null where the frame was not processed to the end. */
  readonly stageMs: StageMs | null;
}
