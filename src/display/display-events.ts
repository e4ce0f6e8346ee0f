import type { Frame } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import type { ClockEstimate } from '../protocol/clock-sync.js';
import type { DisplayWelcome, StreamInfo } from '../protocol/control-messages.js';
import type { CommandRefused, ProcedureMessage } from '../protocol/procedure-messages.js';

/**
 * Life of a display's connection: `connecting` until the welcome · `connected` · `waiting` before
 * the next attempt · `ended` for good, because the service asked for it or it was closed.
 */
export type ConnectionPhase = 'connecting' | 'connected' | 'waiting' | 'ended';

/** Where the connection stands, with words for the operator. */
export interface ConnectionState {
  readonly phase: ConnectionPhase;
  /** Why it is not connected; null while all is well. */
  readonly reason: string | null;
  /** Time until the next attempt, ms; null unless `waiting`. */
  readonly retryInMs: number | null;
}

/** A message that was refused: nothing of it is shown. */
export interface RefusedMessage {
  readonly what: 'overlay' | 'frame' | 'control';
  readonly reason: string;
}

/** What a client tells its host. Times are µs of the client's own clock. */
export interface DisplayEvents {
  connection(state: ConnectionState): void;
  welcome(welcome: DisplayWelcome): void;
  stream(info: StreamInfo): void;
  clock(estimate: ClockEstimate): void;
  /**
   * The newest frame. While the promise is pending (decoding), only the newest of the frames that
   * come meanwhile is kept. The frame is acknowledged when the promise settles, so that a slow
   * display is sent fewer frames instead of older ones. The payload is a view of the message.
   */
  frame(frame: Frame, receivedAtUs: number): Promise<void>;
  /** An overlay; acknowledged when this returns. */
  overlay(overlay: Overlay, receivedAtUs: number): void;
  /** The procedure as it is now, and what happened in it; again after every reconnection. */
  procedure(message: ProcedureMessage): void;
  /** A command of this display that was refused, with words; nothing has changed. */
  commandRefused(refusal: CommandRefused): void;
  refused(message: RefusedMessage): void;
}
