import { EcholineError, isEcholineError } from '../domain/errors.js';
import { closeCodeOf, closeReason } from '../protocol/close-codes.js';
import { type ControlMessage, encodeControl } from '../protocol/control-codec.js';
import { errorMessageOf } from '../protocol/error-words.js';
import { createTokenBucket, type TokenBucket, takeToken } from './token-bucket.js';

/** Time for a peer to answer a close before its connection is cut. */
const CLOSE_GRACE_US = 1_000_000;
/** Silent heartbeat intervals after which a peer counts as gone. */
const HEARTBEATS_MISSED_MAX = 2;

/** The part of a `ws` socket that a channel needs; only `ingest`, `publish`, `server` know `ws`. */
export interface PeerSocket {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array, options: { binary: boolean }, done?: () => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface PeerChannelOptions {
  readonly helloTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly controlMessagesPerSecondMax: number;
  /** Bytes that ever came in on the connection: any progress counts as a sign of life. */
  readonly bytesRead: () => number;
  /** An error of the peer, or of ours while serving it (then not an `EcholineError`). */
  onError(error: unknown): void;
}

/** What the owner of a channel is told. */
export interface PeerChannelOwner {
  /** The end has begun or the connection is gone; called once. */
  onEnd(): void;
}

/** What carts and displays have in common: anything that the server keeps time for. */
export interface Peer {
  tick(nowUs: number): void;
  /** Says goodbye without closing; null = do not come back by yourself. */
  bye(reason: string, reconnectAfterMs: number | null): void;
  /** Closes in order: error message, close frame, and a cut when the peer does not answer. */
  refuse(error: EcholineError): void;
}

/**
 * One connection's manners: hello in time, signs of life, a bound on control messages, and an
 * explained end. Carts and displays build on it.
 */
export class PeerChannel {
  readonly #socket: PeerSocket;
  readonly #options: PeerChannelOptions;
  readonly #owner: PeerChannelOwner;
  readonly #openedAtUs: number;
  #bucket: TokenBucket;
  #hasSaidHello = false;
  #isClosing = false;
  /** When a tick first saw that the end has begun. */
  #closingSinceUs: number | null = null;
  #isClosed = false;
  #bytesSeen = 0;
  #aliveAtUs: number;
  #pingedAtUs: number;

  constructor(
    socket: PeerSocket,
    options: PeerChannelOptions,
    owner: PeerChannelOwner,
    nowUs: number,
  ) {
    this.#socket = socket;
    this.#options = options;
    this.#owner = owner;
    this.#openedAtUs = nowUs;
    this.#aliveAtUs = nowUs;
    this.#pingedAtUs = nowUs;
    this.#bucket = createTokenBucket(options.controlMessagesPerSecondMax, nowUs);
  }

  /** False once the end has begun: nothing that comes in counts any more. */
  get isOpen(): boolean {
    return !this.#isClosing && !this.#isClosed;
  }

  /** Bytes that wait in this process because the connection is slow. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: ControlMessage): void {
    if (this.isOpen) this.#socket.send(encodeControl(message), { binary: false });
  }

  /** Sends bytes that were serialised once for everybody. `done` is called when they left. */
  sendBytes(bytes: Uint8Array, binary: boolean, done?: () => void): void {
    if (this.isOpen) this.#socket.send(bytes, { binary }, done);
  }

  /** The hello was good; its deadline is off. */
  helloAccepted(): void {
    this.#hasSaidHello = true;
  }

  /**
   * Counts a control message.
   *
   * @throws EcholineError ECHOLINE_PROTOCOL_RATE
   */
  countControlMessage(nowUs: number): void {
    const taken = takeToken(this.#bucket, nowUs);
    this.#bucket = taken.bucket;
    if (taken.isGranted) return;
    const { controlMessagesPerSecondMax } = this.#options;
    const message = `Expected at most ${controlMessagesPerSecondMax} control messages a second.`;
    throw new EcholineError('ECHOLINE_PROTOCOL_RATE', message, { controlMessagesPerSecondMax });
  }

  /**
   * Handles something that came in. An operating error ends this connection with its code; anything
   * else is our own mistake and must not cost the other peers theirs: this connection is cut.
   */
  guard(handle: () => void): void {
    if (!this.isOpen) return;
    try {
      handle();
    } catch (error) {
      if (isEcholineError(error)) {
        this.refuse(error);
        return;
      }
      this.#options.onError(error);
      this.#socket.terminate();
    }
  }

  /** Ends the connection because of an error of the peer, with words and the code's close code. */
  refuse(error: EcholineError): void {
    if (!this.isOpen) return;
    this.#options.onError(error);
    this.send(errorMessageOf(error));
    this.close(closeCodeOf(error.code) ?? 1008, error.message);
  }

  bye(reason: string, reconnectAfterMs: number | null): void {
    this.send({ type: 'bye', reason, reconnectAfterMs });
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#isClosing = true;
    this.#socket.close(code, closeReason(reason));
    this.#owner.onEnd();
  }

  /** The connection is gone. */
  closed(): void {
    const hasEnded = !this.isOpen;
    this.#isClosed = true;
    if (!hasEnded) this.#owner.onEnd();
  }

  tick(nowUs: number): void {
    if (this.#isClosed) return;
    if (this.#isClosing) {
      this.#closingSinceUs ??= nowUs;
      if (nowUs - this.#closingSinceUs > CLOSE_GRACE_US) this.#socket.terminate();
      return;
    }
    if (!this.#hasSaidHello && nowUs - this.#openedAtUs > this.#options.helloTimeoutMs * 1000) {
      const message = `Expected hello within ${this.#options.helloTimeoutMs} ms.`;
      this.refuse(new EcholineError('ECHOLINE_PROTOCOL_HELLO_TIMEOUT', message));
      return;
    }
    this.#keepAlive(nowUs);
  }

  #keepAlive(nowUs: number): void {
    const bytes = this.#options.bytesRead();
    if (bytes !== this.#bytesSeen) {
      this.#bytesSeen = bytes;
      this.#aliveAtUs = nowUs;
    }
    const heartbeatUs = this.#options.heartbeatMs * 1000;
    const silentUs = nowUs - this.#aliveAtUs;
    if (silentUs > (HEARTBEATS_MISSED_MAX + 1) * heartbeatUs) {
      const message =
        `Expected a sign of life every ${this.#options.heartbeatMs} ms; ` +
        `nothing came for ${Math.round(silentUs / 1000)} ms.`;
      this.refuse(new EcholineError('ECHOLINE_SESSION_STALLED', message));
      return;
    }
    if (nowUs - this.#pingedAtUs >= heartbeatUs) {
      this.#pingedAtUs = nowUs;
      this.#socket.ping();
    }
  }
}
