import type { Frame } from './frame.js';
import type { Overlay } from './overlay.js';
import type { VerdictKind } from './verdict.js';

/** A verdict as it is recorded; the protocol's verdict message is one. */
export interface RecordedVerdict {
  /** null where the header of the frame could not be read. */
  readonly epoch: number | null;
  readonly frameId: number | null;
  readonly verdict: VerdictKind;
  /** Why the frame is not `ok`. */
  readonly reason?: object;
}

/** Something that happened to a stream: cold start, engine replaced, cart came or went. */
export interface RecordedEvent {
  /** Kebab-case, e.g. `engine-died`. */
  readonly kind: string;
  /** Service clock, µs. */
  readonly atUs: number;
  readonly details: Readonly<Record<string, string | number | boolean | object | null>>;
}

/**
 * Where the service puts what it sees and says of one stream while it is recorded (`--record`).
 *
 * No call blocks or throws: a recording that cannot keep up leaves frames out and says so in its
 * events, because the live stream comes first. `close` is idempotent and resolves when all is on
 * disk.
 */
export interface RecordingSink {
  frame(frame: Frame, receivedAtUs: number): void;
  overlay(overlay: Overlay): void;
  verdict(verdict: RecordedVerdict): void;
  event(event: RecordedEvent): void;
  close(): Promise<void>;
}

/** Opens the recording of a stream; called once per cart connection. */
export type OpenRecording = (stream: string, isSimulated: boolean) => RecordingSink;
