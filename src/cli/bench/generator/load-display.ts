import { WebSocket } from 'ws';
import { unreachable } from '../../../cart/refusal.js';
import { ServiceSocket } from '../../../cart/service-socket.js';
import { streamUrl } from '../../../cart/stream-url.js';
import type { EcholineError } from '../../../domain/errors.js';
import type { Overlay } from '../../../domain/overlay.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { type ClockEstimate, createClockSync } from '../../../protocol/clock-sync.js';
import { encodeControl, type MessageToDisplay } from '../../../protocol/control-codec.js';
import type { DisplayHello } from '../../../protocol/control-messages.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR, SUBPROTOCOL_JSON } from '../../../protocol/version.js';

/** A display of a load. */
export interface LoadDisplay {
  /** Target's clock − own clock; null while unknown. */
  clock(): ClockEstimate | null;
  close(): Promise<void>;
}

interface DisplayOptions {
  readonly url: string;
  readonly streamId: string;
  readonly token: string | undefined;
  readonly onLost: (error: EcholineError) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CLOCK_INTERVAL_MS = 250;
const HELLO: DisplayHello = {
  type: 'hello',
  role: 'observer',
  protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
  name: 'echoline bench',
};

/** What an overlay begins with that was written by our own service. */
const OVERLAY_START = /^\{"type":"overlay",[^{}]*?"epoch":(\d+),[^{}]*?"frameId":(\d+),/;
const OVERLAY_START_BYTES = 400;

/** Takes the overlays of one display; null = only acknowledges them. */
export type TakeOverlay = (overlay: Overlay, receivedUs: number, offsetUs: number | null) => void;

/**
 * A display that acknowledges at once and checks nothing: what it costs is the generator's, and it
 * must be little. One that takes nothing does not even read what it acknowledges.
 *
 * @throws EcholineError (rejects) that says in words why there is no connection
 */
export async function openDisplay(
  options: DisplayOptions & { readonly onOverlay: TakeOverlay | null },
): Promise<LoadDisplay> {
  const clock = createClockSync();
  let isClosing = false;
  const socket = await ServiceSocket.open<MessageToDisplay>({
    url: streamUrl(options.url, 'overlays', options.streamId),
    token: options.token,
    hello: HELLO,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    readClockUs,
    parse(text) {
      const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
      if (options.onOverlay === null && acknowledge(bytes)) return null;
      return JSON.parse(bytes.toString('utf8')) as MessageToDisplay;
    },
    onMessage(message, receivedUs, from) {
      if (message.type === 'clock-reply') clock.receive(message, receivedUs);
      if (message.type !== 'overlay') return;
      const { epoch, frameId } = message;
      options.onOverlay?.(message, receivedUs, clock.estimate(receivedUs)?.offsetUs ?? null);
      from.send(encodeControl({ type: 'ack', epoch, frameId }));
    },
    onBinary: () => undefined,
    onBye: () => undefined,
    onEnd({ error }) {
      clearInterval(timer);
      if (error !== null && !isClosing) options.onLost(error);
    },
  });
  function acknowledge(bytes: Buffer): boolean {
    const start = OVERLAY_START.exec(bytes.toString('latin1', 0, OVERLAY_START_BYTES));
    if (start === null) return false;
    const [epoch, frameId] = [Number(start[1]), Number(start[2])];
    socket.send(encodeControl({ type: 'ack', epoch, frameId }));
    return true;
  }
  const ask = () => socket.send(encodeControl(clock.request(readClockUs())));
  const timer = setInterval(ask, CLOCK_INTERVAL_MS);
  ask();
  return {
    clock: () => clock.estimate(readClockUs()),
    close() {
      isClosing = true;
      clearInterval(timer);
      return socket.close('done');
    },
  };
}

/** A display whose network takes nothing any more: it reads its welcome and then not one byte. */
export function openStalledDisplay(options: DisplayOptions): Promise<LoadDisplay> {
  const url = streamUrl(options.url, 'overlays', options.streamId);
  const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  const socket = new WebSocket(url, [SUBPROTOCOL_JSON], { perMessageDeflate: false, headers });
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => reject(unreachable(url, error)));
    socket.on('open', () => socket.send(encodeControl(HELLO)));
    socket.once('message', () => {
      socket.pause();
      resolve({
        clock: () => null,
        async close() {
          socket.terminate();
        },
      });
    });
  });
}
