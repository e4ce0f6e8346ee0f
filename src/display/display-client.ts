import { answerClock, type ClockSync, createClockSync } from '../protocol/clock-sync.js';
import { CLOSE_CODES, describeCloseCode } from '../protocol/close-codes.js';
import {
  encodeControl,
  type MessageFromDisplay,
  type MessageToDisplay,
} from '../protocol/control-codec.js';
import type { Acknowledgement, Bye, DisplayHello } from '../protocol/control-messages.js';
import { decodeFrameMessage, readFrameIdentity } from '../protocol/frame-message.js';
import { type FrameLimits, WIRE_LIMITS } from '../protocol/limits.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR, SUBPROTOCOL_JSON } from '../protocol/version.js';
import type { ConnectionState, DisplayEvents } from './display-events.js';
import { createNewestFrameSlot, type NewestFrameSlot } from './newest-frame-slot.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { readServiceMessage } from './service-message.js';

/** A welcome has to come within this time of the attempt, ms. */
const WELCOME_TIMEOUT_MS = 5000;
/** Pause between clock requests, ms; the first few come quickly. */
const CLOCK_INTERVAL_MS = 2000;
const CLOCK_FIRST_INTERVAL_MS = 200;
const CLOCK_FIRST_REQUESTS = 5;
/** A connection on which even clock requests stay unanswered for this long is dead, ms. */
const SILENCE_MAX_MS = 6500;
/** What a browser reports when a connection broke instead of being closed (RFC 6455 7.1.5). */
const CLOSED_WITHOUT_HANDSHAKE = 1006;

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
  /** Asks for predicted tips: for a display that draws over its own, newer video. */
  readonly predict?: NonNullable<DisplayHello['predict']>;
  readonly events: DisplayEvents;
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

/**
 * A display's connection to one stream: connects, says hello, keeps the clocks related, hands over
 * frames and overlays, acknowledges them, and comes back after a loss with a jittered back-off, or
 * when the service said so in its bye. Ends for good when told not to come back.
 */
export class DisplayClient {
  readonly #options: DisplayClientOptions;
  #socket: DisplaySocket | null = null;
  #slot: NewestFrameSlot | null = null;
  #clock: ClockSync = createClockSync();
  #cancelTimer: () => void = () => {};
  #cancelClock: () => void = () => {};
  #attempt = 0;
  #bye: Bye | null = null;
  #lastWords: string | null = null;
  #lastMessageAtUs = 0;
  #clockRequests = 0;
  #isClosed = false;

  constructor(options: DisplayClientOptions) {
    this.#options = options;
  }

  /** Starts to connect. Call once. */
  start(): void {
    void this.#connect();
  }

  /** Ends the connection for good. May be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#end('closed by this display');
  }

  async #connect(): Promise<void> {
    this.#tell({ phase: 'connecting', reason: this.#lastWords, retryInMs: null });
    this.#bye = null;
    let ticket: string | null;
    try {
      ticket = await this.#options.requestTicket();
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#isClosed) return;
    const query = new URLSearchParams();
    if (this.#options.wantFrames) query.set('frames', '1');
    if (ticket !== null) query.set('ticket', ticket);
    const socket = this.#options.createSocket(`${this.#options.url}?${query}`, SUBPROTOCOL_JSON);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#sayHello();
    socket.onmessage = (event: { readonly data: unknown }) => this.#receive(event.data);
    socket.onclose = (event: { readonly code: number; readonly reason: string }) =>
      this.#closed(event.code, event.reason);
    // A close event with the reason follows every error event.
    socket.onerror = () => {};
    this.#socket = socket;
    this.#later(() => this.#lost('the service did not answer'), WELCOME_TIMEOUT_MS);
  }

  #sayHello(): void {
    const hello: DisplayHello = {
      type: 'hello',
      protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
      name: this.#options.name,
      clock: { nowUs: Math.round(this.#options.nowUs()) },
      ...(this.#options.predict !== undefined && { predict: this.#options.predict }),
    };
    this.#send(hello);
  }

  #receive(data: unknown): void {
    const nowUs = this.#options.nowUs();
    this.#lastMessageAtUs = nowUs;
    if (data instanceof ArrayBuffer) this.#receiveFrame(new Uint8Array(data), nowUs);
    else this.#receiveText(String(data), nowUs);
  }

  #receiveFrame(bytes: Uint8Array, nowUs: number): void {
    try {
      const frame = decodeFrameMessage(bytes, this.#options.frameLimits ?? WIRE_LIMITS);
      this.#slot?.offer(frame, nowUs);
    } catch (error) {
      this.#options.events.refused({ what: 'frame', reason: wordsOf(error) });
      const identity = readFrameIdentity(bytes);
      if (identity !== null) this.#acknowledge({ ...identity, what: 'frame' });
    }
  }

  #receiveText(text: string, nowUs: number): void {
    const reading = readServiceMessage(text);
    if (reading.kind === 'message') this.#handle(reading.message, nowUs);
    if (reading.kind !== 'refused') return;
    this.#options.events.refused(reading.refused);
    // Without this a run of refused overlays would use up the service's patience.
    if (reading.identity !== null) this.#acknowledge({ ...reading.identity, what: 'overlay' });
  }

  #handle(message: MessageToDisplay, nowUs: number): void {
    const { events } = this.#options;
    switch (message.type) {
      case 'welcome':
        this.#attempt = 0;
        this.#lastWords = null;
        this.#cancelTimer();
        this.#openSlot();
        this.#tell({ phase: 'connected', reason: null, retryInMs: null });
        events.welcome(message);
        events.stream(message.info);
        this.#startClock();
        break;
      case 'stream':
        events.stream(message.info);
        break;
      case 'overlay': {
        const { epoch, frameId } = message;
        events.overlay(message, nowUs);
        this.#acknowledge({ epoch, frameId, what: 'overlay' });
        break;
      }
      case 'clock':
        this.#send(answerClock(message, nowUs, this.#options.nowUs()));
        break;
      case 'clock-reply': {
        const isAnswer = this.#clock.receive(message, nowUs);
        const estimate = this.#clock.estimate(nowUs);
        if (isAnswer && estimate !== null) events.clock(estimate);
        break;
      }
      case 'bye':
        this.#bye = message;
        break;
      case 'error':
        this.#lastWords = message.message;
        break;
    }
  }

  #openSlot(): void {
    this.#slot = createNewestFrameSlot(
      (frame, receivedAtUs) => this.#options.events.frame(frame, receivedAtUs),
      ({ epoch, frameId }) => this.#acknowledge({ epoch, frameId, what: 'frame' }),
    );
  }

  #startClock(): void {
    this.#clock = createClockSync();
    this.#clockRequests = 0;
    this.#askClock();
  }

  #askClock(): void {
    const nowUs = this.#options.nowUs();
    if ((nowUs - this.#lastMessageAtUs) / 1000 > SILENCE_MAX_MS) {
      this.#lost('the connection went silent');
      return;
    }
    this.#send(this.#clock.request(nowUs));
    this.#clockRequests += 1;
    const isFirst = this.#clockRequests < CLOCK_FIRST_REQUESTS;
    const delayMs = isFirst ? CLOCK_FIRST_INTERVAL_MS : CLOCK_INTERVAL_MS;
    this.#cancelClock = this.#options.schedule(() => this.#askClock(), delayMs);
  }

  #acknowledge(what: Omit<Acknowledgement, 'type'>): void {
    this.#send({ type: 'ack', ...what });
  }

  #send(message: MessageFromDisplay): void {
    this.#socket?.send(encodeControl(message));
  }

  #closed(code: number, reason: string): void {
    // A bye also comes when engines died too often, and then the socket stays open: what breaks the
    // connection later is something else.
    if (code === CLOSED_WITHOUT_HANDSHAKE) this.#bye = null;
    const said = this.#bye?.reason ?? this.#lastWords;
    const words = said ?? (reason === '' ? describeCloseCode(code) : reason);
    const isToldToStay = this.#bye !== null && this.#bye.reconnectAfterMs === null;
    if (isToldToStay || code === CLOSE_CODES.version) this.#end(words);
    else this.#lost(words);
  }

  /** The connection is gone: wait, then try again. */
  #lost(words: string): void {
    if (this.#isClosed) return;
    this.#drop();
    const askedMs = this.#bye?.reconnectAfterMs ?? null;
    const delayMs = reconnectDelayMs(this.#attempt, askedMs, this.#options.random());
    this.#attempt += 1;
    this.#lastWords = words;
    this.#tell({ phase: 'waiting', reason: words, retryInMs: delayMs });
    this.#later(() => void this.#connect(), delayMs);
  }

  #end(words: string): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#drop();
    this.#tell({ phase: 'ended', reason: words, retryInMs: null });
  }

  /** Lets go of the socket without its closing handshake, which a dead peer never ends. */
  #drop(): void {
    this.#cancelTimer();
    this.#cancelClock();
    this.#slot?.close();
    this.#slot = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(CLOSE_CODES.normal);
  }

  #later(callback: () => void, delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.schedule(callback, delayMs);
  }

  #tell(state: ConnectionState): void {
    this.#options.events.connection(state);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
