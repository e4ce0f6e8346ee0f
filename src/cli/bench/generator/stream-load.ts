import { ServiceSocket } from '../../../cart/service-socket.js';
import { streamUrl } from '../../../cart/stream-url.js';
import type { EcholineError } from '../../../domain/errors.js';
import { readClockUs } from '../../../engine/read-clock.js';
import type { MessageToCart } from '../../../protocol/control-codec.js';
import { HEADER_OFFSETS } from '../../../protocol/frame-header.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../../../protocol/version.js';
import { BENCH_EPOCH, type LoadPlan } from '../load-plan.js';
import type { FrameLedger } from './frame-ledger.js';

/** What one stream of a load needs. */
export interface StreamLoadOptions {
  readonly streamId: string;
  readonly url: string;
  readonly plan: LoadPlan;
  /** The clip's frames as messages, looped; identity and time are written into them. */
  readonly messages: readonly Uint8Array[];
  /** When each frame is due, and what capture time it states, µs of the own clock. */
  readonly ledger: FrameLedger;
  readonly captureUs: Float64Array;
  /** The connection ended before the load did. */
  readonly onLost: (error: EcholineError) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** One cart, with a ledger of what became of its frames. */
export class StreamLoad {
  readonly ledger: FrameLedger;
  readonly #options: StreamLoadOptions;
  #cart: ServiceSocket<MessageToCart> | null = null;
  #credits = 0;
  #next = 0;
  /** A frame that was due and waits for a credit; null = none. */
  #waiting: number | null = null;
  #answered = 0;
  #onChange: (() => void) | null = null;
  #isClosing = false;

  private constructor(options: StreamLoadOptions) {
    this.#options = options;
    this.ledger = options.ledger;
  }

  /** @throws EcholineError (rejects) that says in words why there is no connection */
  static async open(options: StreamLoadOptions): Promise<StreamLoad> {
    const load = new StreamLoad(options);
    await load.#connect();
    return load;
  }

  /** Whether every frame offered was skipped or has its verdict, and its overlay if that is ok. */
  get isSettled(): boolean {
    return (
      this.#answered >= this.#next && this.#waiting === null && this.hasAnswered(this.#next - 1)
    );
  }

  /** Whether one frame has its verdict, and its overlay where the verdict is ok. */
  hasAnswered(frameId: number): boolean {
    const outcome = this.ledger.outcome(frameId);
    if (outcome !== 'ok' || this.#options.plan.displays === 0) return outcome !== 'unanswered';
    return !Number.isNaN(this.ledger.overlayUs[frameId]);
  }

  /** Verdicts and overlays so far: what still grows is still being worked off. */
  get answers(): number {
    return this.#answered + this.ledger.overlays;
  }

  /** Offers all frames up to (without) `count`; each is already due. */
  offerUpTo(count: number): void {
    for (; this.#next < count; this.#next++) this.#offer(this.#next);
  }

  /** Resolves when something was answered, or at the end of the connection. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }

  /** What waits for `changed` looks again: its display has taken an overlay. */
  notice(): void {
    this.#onChange?.();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#cart?.close('end of the load');
  }

  async #connect(): Promise<void> {
    const { url, plan, streamId } = this.#options;
    const token = plan.token ?? undefined;
    this.#cart = await ServiceSocket.open<MessageToCart>({
      url: streamUrl(url, 'frames', streamId),
      token,
      hello: {
        type: 'hello',
        role: 'cart',
        protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
        name: 'echoline bench',
        isSimulated: plan.clip.kind === 'phantom',
        clock: { nowUs: Math.round(readClockUs()) },
      },
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      readClockUs,
      parse: (text) => JSON.parse(Buffer.from(text).toString('utf8')) as MessageToCart,
      onMessage: (message, receivedUs) => this.#receive(message, receivedUs),
      onBinary: () => undefined,
      onBye: () => undefined,
      onEnd: ({ error }) => {
        if (error !== null) this.#lose(error);
      },
    });
  }

  #lose(error: EcholineError): void {
    if (!this.#isClosing) this.#options.onLost(error);
    this.#onChange?.();
  }

  #receive(message: MessageToCart, receivedUs: number): void {
    if (message.type === 'welcome') {
      this.#credits = Math.min(message.inFlightFramesMax, this.#options.plan.inFlightMax);
    }
    if (message.type !== 'verdict') return;
    this.#credits += message.credits;
    this.#answered += 1;
    if (message.frameId !== null) {
      this.ledger.takeVerdict(message.frameId, message.verdict, receivedUs);
    }
    const waiting = this.#waiting;
    if (waiting !== null && this.#credits > 0) {
      this.#waiting = null;
      this.#send(waiting);
    }
    this.#onChange?.();
  }

  #offer(frameId: number): void {
    this.ledger.offeredUs[frameId] = readClockUs();
    if (this.#credits > 0 || this.#options.plan.credits === 'ignore') {
      this.#send(frameId);
      return;
    }
    if (this.#waiting !== null) {
      this.ledger.skip(this.#waiting);
      this.#answered += 1;
    }
    this.#waiting = frameId;
  }

  #send(frameId: number): void {
    const { messages, captureUs } = this.#options;
    const message = messages[frameId % messages.length];
    if (message === undefined) return;
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    view.setUint32(HEADER_OFFSETS.epoch, BENCH_EPOCH, true);
    view.setBigUint64(HEADER_OFFSETS.frameId, BigInt(frameId), true);
    view.setBigUint64(HEADER_OFFSETS.captureTimeUs, BigInt(captureUs[frameId] ?? 0), true);
    // A client's message is masked into a buffer of its own before `send` returns, so the next
    // frame may write into this one.
    this.#cart?.send(message);
    this.#credits -= 1;
    this.ledger.sentUs[frameId] = readClockUs();
  }
}
