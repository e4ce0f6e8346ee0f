import type { DisplayHello } from '../protocol/control-messages.js';
import type { FrameLimits } from '../protocol/limits.js';
import type { DisplayEvents } from './display-events.js';

/**
 * The part of a WebSocket that the client uses; browsers' and `ws`'s both have it. Events are typed
 * as narrowly as both sides allow; the client reads `data`, `code` and `reason` of them.
 */
export interface DisplaySocket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Where a client gets what it must not reach for by itself. */
export interface DisplayClientOptions {
  /** `ws://…/v1/streams/ID/overlays`, without a query. */
  readonly url: string;
  readonly name: string;
  /** Whether to ask for the frames as well as the overlays. */
  readonly wantFrames: boolean;
  /** `operator` may give commands; a stream has one at a time. Default `observer`. */
  readonly role?: 'observer' | 'operator';
  /** Asks for predicted tips: for a display that draws over its own, newer video. */
  readonly predict?: NonNullable<DisplayHello['predict']>;
  /** What the host wants to be told; what it leaves out is acknowledged all the same. */
  readonly events: Partial<DisplayEvents>;
  createSocket(url: string, subprotocol: string): DisplaySocket;
  /** A ticket for one connection (they are good for one use), or null where none is needed. */
  requestTicket(): Promise<string | null>;
  /** Own monotonic clock, µs. */
  nowUs(): number;
  /** Calls back once after `delayMs`; the result cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
  /** In [0, 1). */
  random(): number;
  readonly frameLimits?: FrameLimits;
}
