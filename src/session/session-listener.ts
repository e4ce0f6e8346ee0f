import type { ErrorCode } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import type { StageMs } from '../domain/overlay.js';
import type { VerdictKind } from '../domain/verdict.js';
import type { StreamInfo, VerdictMessage } from '../protocol/control-messages.js';
import type { ProcedureMessage } from '../protocol/procedure-messages.js';
import type { FrameOutcome } from './frame-outcome.js';

/** How the cart's clock relates to the service's, at one moment. */
export interface CartClock {
  /** Service clock − cart clock, µs. */
  readonly cartOffsetUs: number;
  readonly uncertaintyUs: number;
}

/** The cart of a stream, as its session sees it. Implemented by `ingest`. */
export interface CartLink {
  readonly name: string | null;
  readonly isSimulated: boolean;
  /** null while unknown. */
  clock(nowUs: number): CartClock | null;
  onVerdict(message: VerdictMessage, nowUs: number): void;
}

/** Who follows a stream; `publish` does. */
export interface SessionListener {
  /** A well-formed frame came in: before admission, and whatever becomes of it. */
  onFrame(frame: Frame, message: Uint8Array, receivedAtUs: number): void;
  /** Returns when the outcome was handed to everybody, µs. */
  onOutcome(outcome: FrameOutcome): number;
  onInfo(info: StreamInfo): void;
  /** Something happened to the stream's procedure. */
  onProcedure(message: ProcedureMessage): void;
}

/** Who counts; `telemetry` does. */
export interface SessionObserver {
  onOffered(): void;
  onVerdict(kind: VerdictKind, code: ErrorCode | null): void;
  /** `hopUs`: time between the processes. */
  onProcessed(stageMs: StageMs, hopUs: number): void;
}
