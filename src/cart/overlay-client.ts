import { assert } from '../domain/assert.js';
import type { Frame } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import { type ClockEstimate, createClockSync } from '../protocol/clock-sync.js';
import {
  encodeControl,
  type MessageToDisplay,
  parseMessageToDisplay,
} from '../protocol/control-codec.js';
import type {
  Bye,
  DisplayHello,
  DisplayWelcome,
  StreamInfo,
} from '../protocol/control-messages.js';
import { decodeFrameMessage } from '../protocol/frame-message.js';
import { WIRE_LIMITS } from '../protocol/limits.js';
import type { ProcedureCommand } from '../protocol/procedure-commands.js';
import type { CommandRefused, ProcedureMessage } from '../protocol/procedure-messages.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../protocol/version.js';
import { monotonicUs } from './monotonic-clock.js';
import { type ConnectionEnd, ServiceSocket } from './service-socket.js';
import { streamUrl } from './stream-url.js';

/** How to connect as a display, and what to call when something arrives. */
export interface OverlayOptions {
  /** `ws://HOST:PORT/v1/streams/ID/overlays`, or `ws://HOST:PORT` (http too) with `streamId`. */
  readonly url: string | URL;
  readonly streamId?: string | undefined;
  readonly token?: string | undefined;
  readonly role?: 'observer' | 'operator' | undefined;
  readonly name?: string | undefined;
  /** Asks for the frames too. */
  readonly frames?: boolean | undefined;
  readonly onOverlay: (overlay: Overlay, receivedAtUs: number) => void;
  readonly onFrame?: ((frame: Frame, receivedAtUs: number) => void) | undefined;
  /** Told of commands: what came of them, and which was refused. */
  readonly onProcedure?: ((message: ProcedureMessage | CommandRefused) => void) | undefined;
  readonly onStream?: ((info: StreamInfo) => void) | undefined;
  readonly onBye?: ((bye: Bye) => void) | undefined;
  readonly onClose?: ((end: ConnectionEnd) => void) | undefined;
  /** Monotonic, µs; default: the machine's monotonic clock. */
  readonly readClockUs?: (() => number) | undefined;
  readonly connectTimeoutMs?: number | undefined;
}

export interface OverlayConnection {
  readonly welcome: DisplayWelcome;
  /** Service clock − own clock; null before the first exchange. */
  clock(): ClockEstimate | null;
  /** Gives a command of an operator; what comes of it is told to `onProcedure`. */
  command(command: ProcedureCommand): void;
  /** Idempotent. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const CLOCK_INTERVAL_MS = 1000;

/**
 * A display without a screen, for demo, bench and tests. Every overlay and frame is acknowledged
 * after its callback has returned, so a slow callback makes the service skip, not queue.
 *
 * @throws EcholineError (rejects) as `connectCart`
 */
export async function connectOverlays(options: OverlayOptions): Promise<OverlayConnection> {
  const url = streamUrl(options.url, 'overlays', options.streamId);
  if (options.frames === true) url.searchParams.set('frames', '1');
  const readClockUs = options.readClockUs ?? monotonicUs;
  const clock = createClockSync();
  let welcome: DisplayWelcome | null = null;
  let timer: NodeJS.Timeout | undefined;
  const socket = await ServiceSocket.open<MessageToDisplay>({
    url,
    token: options.token,
    hello: helloOf(options, readClockUs()),
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    readClockUs,
    parse: parseMessageToDisplay,
    onMessage(message, receivedAtUs, from) {
      if (message.type === 'welcome') welcome = message;
      if (message.type === 'clock-reply') clock.receive(message, receivedAtUs);
      receive(message, receivedAtUs, options, from);
    },
    onBinary(bytes, receivedAtUs, from) {
      const frame = decodeFrameMessage(bytes, WIRE_LIMITS);
      options.onFrame?.(frame, receivedAtUs);
      const { epoch, frameId } = frame;
      from.send(encodeControl({ type: 'ack', epoch, frameId, what: 'frame' }));
    },
    onBye: (bye) => options.onBye?.(bye),
    onEnd(end) {
      clearInterval(timer);
      options.onClose?.(end);
    },
  });
  assert(welcome !== null, 'the socket opens with a welcome');
  const ask = () => socket.send(encodeControl(clock.request(readClockUs())));
  ask();
  timer = setInterval(ask, CLOCK_INTERVAL_MS);
  timer.unref();
  return {
    welcome,
    clock: () => clock.estimate(readClockUs()),
    command: (command) => void socket.send(encodeControl(command)),
    close() {
      clearInterval(timer);
      return socket.close('done');
    },
  };
}

function receive(
  message: MessageToDisplay,
  receivedAtUs: number,
  options: OverlayOptions,
  socket: ServiceSocket<MessageToDisplay>,
): void {
  switch (message.type) {
    case 'overlay': {
      options.onOverlay(message, receivedAtUs);
      const { epoch, frameId } = message;
      socket.send(encodeControl({ type: 'ack', epoch, frameId, what: 'overlay' }));
      return;
    }
    case 'welcome':
    case 'stream':
      options.onStream?.(message.info);
      return;
    case 'procedure':
    case 'command-refused':
      options.onProcedure?.(message);
      return;
    default:
      // The rest is the socket's own business.
      return;
  }
}

function helloOf(options: OverlayOptions, nowUs: number): DisplayHello {
  return {
    type: 'hello',
    role: options.role ?? 'observer',
    protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
    ...(options.name !== undefined && { name: options.name }),
    clock: { nowUs: Math.round(nowUs) },
  };
}
