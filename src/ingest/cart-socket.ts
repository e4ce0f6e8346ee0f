import type { WebSocket } from 'ws';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import { type Frame, PIXEL_FORMATS } from '../domain/frame.js';
import { answerClock } from '../protocol/clock-sync.js';
import { CLOSE_CODES, closeCodeOf } from '../protocol/close-codes.js';
import { type MessageFromCart, parseMessageFromCart } from '../protocol/control-codec.js';
import type { CartHello, VerdictMessage } from '../protocol/control-messages.js';
import { decodeFrameMessage, readFrameIdentity } from '../protocol/frame-message.js';
import type { FrameLimits } from '../protocol/limits.js';
import { NOTICE, PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../protocol/version.js';
import { type Peer, PeerChannel, type PeerChannelOptions } from '../session/peer-channel.js';
import type { Session } from '../session/session.js';
import type { CartClock, CartLink } from '../session/session-listener.js';
import type { SessionRegistry } from '../session/session-registry.js';
import { type CartClockKeeper, createCartClock } from './cart-clock.js';
import { createRateAdvisor, type RateAdvisor } from './rate-advisor.js';

/** Frames a cart may have sent without a verdict. */
export const IN_FLIGHT_FRAMES_MAX = 4;
/** A cart that asked for its overlays gets none while this much waits for a slow connection. */
const OVERLAY_BACKLOG_MAX_BYTES = 64 * 1024;
const OPENING_BRACE = 0x7b;

export interface CartSocketOptions extends PeerChannelOptions {
  readonly streamId: string;
  readonly registry: SessionRegistry;
  readonly frameLimits: FrameLimits;
  readonly controlBytesMax: number;
  readonly frameAgeMaxMs: number;
  readonly readClockUs: () => number;
  /** Lets the cart hear its stream's overlays; the returned function stops it. */
  subscribeOverlays(session: Session, listener: (overlay: Uint8Array) => void): () => void;
}

/** One cart's connection: reads frames, answers each with a verdict, keeps the cart's clock. */
export class CartSocket implements CartLink, Peer {
  readonly #options: CartSocketOptions;
  readonly #channel: PeerChannel;
  readonly #clock: CartClockKeeper = createCartClock();
  readonly #advisor: RateAdvisor;
  #hello: CartHello | null = null;
  #session: Session | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(socket: WebSocket, options: CartSocketOptions) {
    this.#options = options;
    const owner = { onEnd: () => this.#end() };
    this.#channel = new PeerChannel(socket, options, owner, options.readClockUs());
    this.#advisor = createRateAdvisor(options.frameLimits.widthMaxPx);
    socket.on('message', (data, isBinary) => {
      this.#channel.guard(() => this.#receive(data as Buffer, isBinary));
    });
    socket.on('close', () => this.#channel.closed());
  }

  get name(): string | null {
    return this.#hello?.name ?? null;
  }

  get isSimulated(): boolean {
    return this.#hello?.isSimulated ?? false;
  }

  clock(nowUs: number): CartClock | null {
    return this.#clock.estimate(nowUs);
  }

  onVerdict(message: VerdictMessage, nowUs: number): void {
    this.#channel.send(message);
    const advice = this.#advisor.onVerdict(message.verdict, nowUs);
    if (advice !== null) this.#channel.send(advice);
  }

  tick(nowUs: number): void {
    this.#channel.tick(nowUs);
    if (this.#session === null) return;
    const request = this.#clock.due(nowUs);
    if (request !== null) this.#channel.send(request);
  }

  bye(reason: string, reconnectAfterMs: number | null): void {
    this.#channel.bye(reason, reconnectAfterMs);
  }

  refuse(error: EcholineError): void {
    this.#channel.refuse(error);
  }

  #receive(data: Uint8Array, isBinary: boolean): void {
    const nowUs = this.#options.readClockUs();
    if (this.#session === null) {
      this.#receiveHello(data, isBinary);
      return;
    }
    if (isBinary) this.#receiveFrame(this.#session, data, nowUs);
    else if (data[0] === OPENING_BRACE) this.#receiveControl(this.#parse(data, nowUs), nowUs);
    else this.#receiveTextFrame(this.#session);
  }

  #receiveHello(data: Uint8Array, isBinary: boolean): void {
    if (isBinary) throw helloRequired('a frame');
    const hello = this.#parse(data, this.#options.readClockUs());
    if (hello.type !== 'hello') throw helloRequired(hello.type);
    const { registry, streamId, frameLimits, controlBytesMax, frameAgeMaxMs } = this.#options;
    const session = registry.open(streamId);
    this.#hello = hello;
    if (!session.hasCart) registry.checkRoomForCart();
    session.attachCart(this);
    this.#session = session;
    this.#channel.helloAccepted();
    if (hello.wantOverlays === true) this.#subscribe(session);
    this.#channel.send({
      type: 'welcome',
      protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
      stream: streamId,
      limits: { ...frameLimits, controlBytesMax, frameAgeMaxMs },
      formats: [...PIXEL_FORMATS],
      inFlightFramesMax: IN_FLIGHT_FRAMES_MAX,
      clock: { nowUs: this.#options.readClockUs() },
      notice: NOTICE,
    });
  }

  #subscribe(session: Session): void {
    this.#unsubscribe = this.#options.subscribeOverlays(session, (overlay) => {
      if (this.#channel.bufferedBytes > OVERLAY_BACKLOG_MAX_BYTES) return;
      this.#channel.sendBytes(overlay, false);
    });
  }

  #receiveFrame(session: Session, message: Uint8Array, receivedAtUs: number): void {
    let frame: Frame;
    try {
      frame = decodeFrameMessage(message, this.#options.frameLimits);
    } catch (error) {
      if (!isEcholineError(error)) throw error;
      session.offerBroken(this, readFrameIdentity(message), error);
      if (closeCodeOf(error.code) !== null) throw error;
      return;
    }
    const error = session.offerFrame(this, frame, message, receivedAtUs);
    if (error !== null) throw error;
  }

  /** Text that is not a control message can only be a frame that was sent in the wrong way. */
  #receiveTextFrame(session: Session): void {
    const message =
      'Expected frames as binary WebSocket messages and control messages as JSON objects; ' +
      'received text that is neither.';
    const error = new EcholineError('ECHOLINE_PROTOCOL_NOT_BINARY', message);
    session.offerBroken(this, null, error);
    throw error;
  }

  #parse(text: Uint8Array, nowUs: number): MessageFromCart {
    this.#channel.countControlMessage(nowUs);
    return parseMessageFromCart(text, {
      controlBytesMax: this.#options.controlBytesMax,
      peerMinor: this.#hello?.protocol.minor ?? PROTOCOL_MINOR,
    });
  }

  #receiveControl(message: MessageFromCart, nowUs: number): void {
    switch (message.type) {
      case 'clock':
        this.#channel.send(answerClock(message, nowUs, this.#options.readClockUs()));
        return;
      case 'clock-reply':
        this.#clock.receive(message, nowUs);
        return;
      case 'bye':
        this.#channel.close(CLOSE_CODES.normal, message.reason);
        return;
      case 'ack':
        // A cart's overlays are paced by its connection, not by acknowledgements.
        return;
      case 'hello':
        throw new EcholineError(
          'ECHOLINE_PROTOCOL_CONTROL_INVALID',
          'Expected one hello per connection, received a second one.',
          { field: 'type', received: 'hello' },
        );
    }
  }

  /** The stream is free for another cart as soon as the end begins, not when the socket is gone. */
  #end(): void {
    this.#unsubscribe?.();
    this.#session?.detachCart(this);
    if (this.#session !== null) this.#options.registry.release(this.#session);
  }
}

function helloRequired(received: string): EcholineError {
  const message = `Expected hello as the first message, received ${received}.`;
  return new EcholineError('ECHOLINE_PROTOCOL_HELLO_REQUIRED', message, { received });
}
