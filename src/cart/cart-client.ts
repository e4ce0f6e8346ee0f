import { assert } from '../domain/assert.js';
import { EcholineError } from '../domain/errors.js';
import type { Frame, PixelFormat } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import { type MessageToCart, parseMessageToCart } from '../protocol/control-codec.js';
import type {
  Bye,
  CartHello,
  CartWelcome,
  RateMessage,
  VerdictMessage,
} from '../protocol/control-messages.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../protocol/version.js';
import { type CartCounts, FrameSender } from './frame-sender.js';
import { monotonicUs } from './monotonic-clock.js';
import { type ConnectionEnd, ServiceSocket } from './service-socket.js';
import { streamUrl } from './stream-url.js';

export type { CartCounts } from './frame-sender.js';
export type { ConnectionEnd } from './service-socket.js';

/** How to connect, and what to call when something arrives. Callbacks run on the event loop. */
export interface CartOptions {
  /** `ws://HOST:PORT/v1/streams/ID/frames`, or `ws://HOST:PORT` (http too) with `streamId`. */
  readonly url: string | URL;
  readonly streamId?: string | undefined;
  /** Bearer token, where the service asks for one. */
  readonly token?: string | undefined;
  /** Shown to displays and operators; never patient data. */
  readonly name?: string | undefined;
  readonly formats?: readonly PixelFormat[] | undefined;
  readonly frameRateHz?: number | undefined;
  /** Displays then say SIMULATED. */
  readonly isSimulated?: boolean | undefined;
  readonly wantOverlays?: boolean | undefined;
  /** Exactly one for each frame sent, unless the connection ends before. */
  readonly onVerdict: (verdict: VerdictMessage, receivedAtUs: number) => void;
  readonly onOverlay?: ((overlay: Overlay, receivedAtUs: number) => void) | undefined;
  readonly onRate?: ((rate: RateMessage) => void) | undefined;
  readonly onBye?: ((bye: Bye) => void) | undefined;
  readonly onClose?: ((end: ConnectionEnd) => void) | undefined;
  /** The clock of `captureTimeUs`, µs, monotonic; default: the machine's monotonic clock. */
  readonly readClockUs?: (() => number) | undefined;
  readonly connectTimeoutMs?: number | undefined;
}

export interface CartConnection {
  readonly welcome: CartWelcome;
  /** How many frames may be sent now. */
  readonly credits: number;
  readonly counts: CartCounts;
  /**
   * Sends a frame; false (nothing happens) without a credit or after the end. The payload is
   * copied.
   *
   * @throws EcholineError ECHOLINE_FRAME_*, ECHOLINE_PROTOCOL_TOO_LARGE: what the service would
   *   refuse
   */
  trySend(frame: Frame): boolean;
  /**
   * Sends a frame now, or as soon as there is a credit unless a newer one is offered before: a slow
   * network then skips frames instead of queueing stale ones. Returns whether it was sent at once.
   *
   * @throws EcholineError as `trySend`
   */
  offer(frame: Frame): boolean;
  /**
   * Resolves when every frame sent or waiting has its verdict; rejects when the connection ends
   * before.
   */
  waitForVerdicts(): Promise<void>;
  /** Says `bye` with the reason and closes. A waiting frame is dropped. Idempotent. */
  close(reason: string): Promise<void>;
}

/** Time for connection and welcome, ms. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Connects a cart to the service and says hello.
 *
 * @throws EcholineError (rejects) in words: ECHOLINE_CONFIG_USAGE for a wrong address,
 *   ECHOLINE_SESSION_UNREACHABLE, ECHOLINE_AUTH_*, ECHOLINE_PROTOCOL_VERSION,
 *   ECHOLINE_PROTOCOL_SUBPROTOCOL, ECHOLINE_SESSION_STREAM_TAKEN, or what else the service said
 */
export async function connectCart(options: CartOptions): Promise<CartConnection> {
  const url = streamUrl(options.url, 'frames', options.streamId);
  const readClockUs = options.readClockUs ?? monotonicUs;
  const sender = new FrameSender();
  let welcome: CartWelcome | null = null;
  const socket = await ServiceSocket.open<MessageToCart>({
    url,
    token: options.token,
    hello: helloOf(options, readClockUs()),
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    readClockUs,
    parse: parseMessageToCart,
    onMessage(message, receivedAtUs, from) {
      if (message.type === 'welcome') {
        welcome = message;
        sender.start(message, (bytes) => from.send(bytes));
      }
      receive(message, receivedAtUs, options, sender);
    },
    onBinary() {
      const message = 'The service sent a binary message; a cart only receives text.';
      throw new EcholineError('ECHOLINE_PROTOCOL_CONTROL_INVALID', message);
    },
    onBye: (bye) => options.onBye?.(bye),
    onEnd(end) {
      sender.end(end.error);
      options.onClose?.(end);
    },
  });
  assert(welcome !== null, 'the socket opens with a welcome');
  return connectionOf(welcome, sender, socket);
}

function receive(
  message: MessageToCart,
  receivedAtUs: number,
  options: CartOptions,
  sender: FrameSender,
): void {
  switch (message.type) {
    case 'verdict':
      sender.takeVerdict(message);
      options.onVerdict(message, receivedAtUs);
      return;
    case 'overlay':
      // Not acknowledged: the connection itself paces a cart's overlays.
      options.onOverlay?.(message, receivedAtUs);
      return;
    case 'rate':
      options.onRate?.(message);
      return;
    default:
      // The rest is the socket's own business.
      return;
  }
}

function connectionOf(
  welcome: CartWelcome,
  sender: FrameSender,
  socket: ServiceSocket<MessageToCart>,
): CartConnection {
  return {
    welcome,
    get credits() {
      return sender.credits;
    },
    get counts() {
      return sender.counts;
    },
    trySend: (frame) => sender.trySend(frame),
    offer: (frame) => sender.offer(frame),
    waitForVerdicts: () => sender.waitForVerdicts(),
    async close(reason) {
      sender.stop();
      await socket.close(reason);
    },
  };
}

function helloOf(options: CartOptions, nowUs: number): CartHello {
  const { name, formats, frameRateHz, isSimulated, wantOverlays } = options;
  return {
    type: 'hello',
    role: 'cart',
    protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
    ...(name !== undefined && { name }),
    ...(formats !== undefined && { formats: [...formats] }),
    ...(frameRateHz !== undefined && { frameRateHz }),
    ...(isSimulated !== undefined && { isSimulated }),
    ...(wantOverlays !== undefined && { wantOverlays }),
    clock: { nowUs: Math.round(nowUs) },
  };
}
