import { type RawData, WebSocket } from 'ws';
import { type EcholineError, isEcholineError } from '../domain/errors.js';
import { answerClock } from '../protocol/clock-sync.js';
import { CLOSE_CODES, closeCodeOf, closeReason } from '../protocol/close-codes.js';
import {
  encodeControl,
  type MessageToCart,
  type MessageToDisplay,
} from '../protocol/control-codec.js';
import type { Bye, CartHello, DisplayHello, ErrorMessage } from '../protocol/control-messages.js';
import { SUBPROTOCOL_JSON } from '../protocol/version.js';
import { closedBecause, refusalOf, unreachable } from './refusal.js';

/** How a connection ended; `error` is null when we closed it ourselves or the peer was done. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
  readonly error: EcholineError | null;
}

type ServiceMessage = MessageToCart | MessageToDisplay;

export interface ServiceSocketOptions<M extends ServiceMessage> {
  readonly url: URL;
  readonly token: string | undefined;
  readonly hello: CartHello | DisplayHello;
  readonly connectTimeoutMs: number;
  /** Monotonic, µs. */
  readonly readClockUs: () => number;
  /** null for a message of a newer minor that is to be skipped. */
  readonly parse: (text: Uint8Array) => M | null;
  /** Every message but clock requests, `bye` and `error`; the first is the welcome. */
  readonly onMessage: (message: M, receivedAtUs: number, socket: ServiceSocket<M>) => void;
  readonly onBinary: (bytes: Uint8Array, receivedAtUs: number, socket: ServiceSocket<M>) => void;
  readonly onBye: (bye: Bye) => void;
  readonly onEnd: (end: ConnectionEnd) => void;
}

/** Time the peer has to answer a close before the socket is cut, ms. */
const CLOSE_TIMEOUT_MS = 1000;
/** Largest message a client takes, bytes: a relayed frame of 9 MiB and its header fit. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * A client's connection to the service: opens the socket, says hello, answers clock requests, and
 * turns every way to end into one `ConnectionEnd` with words.
 */
export class ServiceSocket<M extends ServiceMessage> {
  readonly #options: ServiceSocketOptions<M>;
  readonly #socket: WebSocket;
  readonly #ended: Promise<void>;
  #saidError: ErrorMessage | null = null;
  #failure: EcholineError | null = null;
  #isWelcome = false;
  #isClosing = false;

  private constructor(
    options: ServiceSocketOptions<M>,
    resolve: (socket: ServiceSocket<M>) => void,
    reject: (error: EcholineError) => void,
  ) {
    const { url, token, connectTimeoutMs } = options;
    this.#options = options;
    this.#socket = new WebSocket(url, [SUBPROTOCOL_JSON], {
      perMessageDeflate: false,
      handshakeTimeout: connectTimeoutMs,
      maxPayload: MESSAGE_BYTES_MAX,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    const refuse = (error: EcholineError) => {
      this.#isClosing = true;
      this.#socket.terminate();
      reject(error);
    };
    const timer = setTimeout(() => {
      refuse(unreachable(url, new Error(`no welcome within ${connectTimeoutMs} ms`)));
    }, connectTimeoutMs);
    this.#socket.on('unexpected-response', (_request, response) => {
      void refusalOf(url, response).then(refuse);
    });
    // After the welcome a broken socket shows up as its close; before, it is why there is none.
    this.#socket.on('error', (error) => {
      if (!this.#isWelcome) refuse(unreachable(url, error));
    });
    this.#socket.on('open', () => this.send(encodeControl(options.hello)));
    this.#socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary, () => {
        clearTimeout(timer);
        resolve(this);
      });
    });
    this.#ended = new Promise((end) => {
      this.#socket.on('close', (code, reason) => {
        clearTimeout(timer);
        this.#end(code, reason.toString('utf8'), reject);
        end();
      });
    });
  }

  /** @throws EcholineError (rejects) that says in words why there is no connection */
  static open<M extends ServiceMessage>(
    options: ServiceSocketOptions<M>,
  ): Promise<ServiceSocket<M>> {
    return new Promise((resolve, reject) => {
      new ServiceSocket(options, resolve, reject);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && !this.#isClosing;
  }

  /** Sends a text or a binary message; false when the socket is closing or closed. */
  send(data: string | Uint8Array): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(data);
    return true;
  }

  /** Says `bye` and closes; cuts the socket when the peer does not answer. Idempotent. */
  async close(reason: string): Promise<void> {
    if (this.isOpen) this.send(encodeControl({ type: 'bye', reason, reconnectAfterMs: null }));
    await this.#shut(CLOSE_CODES.normal, reason);
  }

  /** Closes because the service sent something that cannot be right. */
  fail(error: EcholineError): void {
    this.#failure = this.#failure ?? error;
    void this.#shut(closeCodeOf(error.code) ?? CLOSE_CODES.protocol, error.message);
  }

  async #shut(code: number, reason: string): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#socket.close(code, closeReason(reason));
    }
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #receive(data: RawData, isBinary: boolean, onWelcome: () => void): void {
    const receivedAtUs = this.#options.readClockUs();
    const bytes = bytesOf(data);
    try {
      if (isBinary) this.#options.onBinary(bytes, receivedAtUs, this);
      else this.#receiveText(bytes, receivedAtUs, onWelcome);
    } catch (error) {
      if (!isEcholineError(error)) throw error;
      this.fail(error);
    }
  }

  #receiveText(bytes: Uint8Array, receivedAtUs: number, onWelcome: () => void): void {
    const message = this.#options.parse(bytes);
    if (message === null) return;
    switch (message.type) {
      case 'clock':
        this.send(encodeControl(answerClock(message, receivedAtUs, this.#options.readClockUs())));
        return;
      case 'error':
        this.#saidError = message;
        return;
      case 'bye':
        this.#options.onBye(message);
        return;
      default:
        this.#options.onMessage(message, receivedAtUs, this);
    }
    if (message.type !== 'welcome') return;
    this.#isWelcome = true;
    onWelcome();
  }

  #end(code: number, reason: string, reject: (error: EcholineError) => void): void {
    const isOurs = this.#isClosing && this.#failure === null;
    const isNormal = isOurs || (code === CLOSE_CODES.normal && this.#saidError === null);
    const error = this.#failure ?? closedBecause(code, reason, this.#saidError);
    // Without effect after the welcome: the promise has settled.
    reject(error);
    if (!this.#isWelcome) return;
    this.#options.onEnd({ code, reason, error: isNormal ? null : error });
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
