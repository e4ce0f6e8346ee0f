import { answerClock } from '../protocol/clock-sync.js';
import { CLOSE_CODES, describeCloseCode } from '../protocol/close-codes.js';
import {
  encodeControl,
  type MessageFromDisplay,
  type MessageToDisplay,
} from '../protocol/control-codec.js';
import type {
  Acknowledgement,
  Bye,
  ClockRequest,
  DisplayHello,
} from '../protocol/control-messages.js';
import { decodeFrameMessage, readFrameIdentity } from '../protocol/frame-message.js';
import { WIRE_LIMITS } from '../protocol/limits.js';
import type { ProcedureCommand } from '../protocol/procedure-commands.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR, SUBPROTOCOL_JSON } from '../protocol/version.js';
import { type ClockKeeper, createClockKeeper } from './clock-keeper.js';
import type { DisplayClientOptions, DisplaySocket } from './display-client-options.js';
import type { ConnectionState } from './display-events.js';
import { createNewestFrameSlot, type NewestFrameSlot } from './newest-frame-slot.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { readServiceMessage } from './service-message.js';

/** A welcome has to come within this time of the attempt, ms. */
const WELCOME_TIMEOUT_MS = 5000;
/** A connection on which even clock requests stay unanswered for this long is dead, ms. */
const SILENCE_MAX_MS = 6500;
/** What a browser reports when a connection broke instead of being closed (RFC 6455 7.1.5). */
const CLOSED_WITHOUT_HANDSHAKE = 1006;

/**
 * A display's connection to one stream: connects, says hello, keeps the clocks related, hands over
 * frames and overlays, acknowledges them, and comes back after a loss with a jittered back-off, or
 * when the service said so in its bye. Ends for good when told not to come back.
 */
export class DisplayClient {
  readonly #options: DisplayClientOptions;
  readonly #clock: ClockKeeper;
  #socket: DisplaySocket | null = null;
  #slot: NewestFrameSlot | null = null;
  #cancelTimer: () => void = () => {};
  #attempt = 0;
  #bye: Bye | null = null;
  #lastWords: string | null = null;
  #lastMessageAtUs = 0;
  /** The stream that the service opened; null without a connection. */
  #stream: string | null = null;
  #isClosed = false;

  constructor(options: DisplayClientOptions) {
    this.#options = options;
    this.#clock = createClockKeeper({
      nowUs: options.nowUs,
      schedule: options.schedule,
      ask: (makeRequest) => this.#askClock(makeRequest),
    });
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

  /**
   * Sends an operator's command. It is answered by a `procedure` event with its `commandId`, or by
   * `commandRefused`. False while there is no connection: commands are not kept for later, because
   * what was meant at one moment may be wrong at the next.
   */
  send(command: ProcedureCommand): boolean {
    if (this.#stream === null) return false;
    this.#say(command);
    return true;
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
      ...(this.#options.role !== undefined && { role: this.#options.role }),
      ...(this.#options.predict !== undefined && { predict: this.#options.predict }),
    };
    this.#say(hello);
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
      this.#options.events.refused?.({ what: 'frame', reason: wordsOf(error) });
      const identity = readFrameIdentity(bytes);
      if (identity !== null) this.#acknowledge({ ...identity, what: 'frame' });
    }
  }

  #receiveText(text: string, nowUs: number): void {
    const reading = readServiceMessage(text, this.#stream);
    if (reading.kind === 'message') this.#handle(reading.message, nowUs);
    if (reading.kind !== 'refused') return;
    this.#options.events.refused?.(reading.refused);
    // Without this a run of refused overlays would use up the service's patience.
    if (reading.identity !== null) this.#acknowledge({ ...reading.identity, what: 'overlay' });
  }

  #handle(message: MessageToDisplay, nowUs: number): void {
    const { events } = this.#options;
    switch (message.type) {
      case 'welcome':
        this.#attempt = 0;
        this.#stream = message.info.stream;
        this.#lastWords = null;
        this.#cancelTimer();
        this.#openSlot();
        this.#tell({ phase: 'connected', reason: null, retryInMs: null });
        events.welcome?.(message);
        events.stream?.(message.info);
        this.#clock.start();
        break;
      case 'stream':
        events.stream?.(message.info);
        break;
      case 'procedure':
        events.procedure?.(message);
        break;
      case 'command-refused':
        events.commandRefused?.(message);
        break;
      case 'overlay': {
        const { epoch, frameId } = message;
        events.overlay?.(message, nowUs);
        this.#acknowledge({ epoch, frameId, what: 'overlay' });
        break;
      }
      case 'clock':
        this.#say(answerClock(message, nowUs, this.#options.nowUs()));
        break;
      case 'clock-reply': {
        const estimate = this.#clock.receive(message, nowUs);
        if (estimate !== null) events.clock?.(estimate);
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
      async (frame, receivedAtUs) => this.#options.events.frame?.(frame, receivedAtUs),
      ({ epoch, frameId }) => this.#acknowledge({ epoch, frameId, what: 'frame' }),
    );
  }

  #askClock(makeRequest: (nowUs: number) => ClockRequest): boolean {
    const nowUs = this.#options.nowUs();
    if ((nowUs - this.#lastMessageAtUs) / 1000 > SILENCE_MAX_MS) {
      this.#lost('the connection went silent');
      return false;
    }
    this.#say(makeRequest(nowUs));
    return true;
  }

  #acknowledge(what: Omit<Acknowledgement, 'type'>): void {
    this.#say({ type: 'ack', ...what });
  }

  #say(message: MessageFromDisplay): void {
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
    this.#stream = null;
    this.#cancelTimer();
    this.#clock.stop();
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
    this.#options.events.connection?.(state);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
