import { EcholineError } from '../domain/errors.js';
import type { Frame, FrameIdentity } from '../domain/frame.js';
import type { FrameJourney } from '../domain/frame-journey.js';
import type { OpenRecording, RecordingSink } from '../domain/recording.js';
import type { VerdictKind } from '../domain/verdict.js';
import { hopUs } from '../engine/engine-messages.js';
import type { EngineStream, EngineStreamListener } from '../engine/engine-stream.js';
import type { StreamInfo, StreamState } from '../protocol/control-messages.js';
import { expiredError, expiresAtUs } from './frame-age.js';
import { type FlowEnd, FrameFlow, type OfferedFrame } from './frame-flow.js';
import { journeyOf, verdictOf } from './frame-journey.js';
import { memoryError } from './frame-memory.js';
import { checkFrameOrder, type FrameOrder } from './frame-order.js';
import { outcomeResult, resultError } from './frame-outcome.js';
import {
  ProcedureDesk,
  type ProcedureServices,
  recordedEvent,
} from './procedure/procedure-desk.js';
import type { CartClock, CartLink, SessionListener, SessionObserver } from './session-listener.js';
import { nextSessionState, type SessionEvent } from './session-state.js';
import { createStreamEpochs } from './stream-epochs.js';
import { createVerdictLedger, type VerdictLedger } from './verdict-ledger.js';
import { verdictMessage } from './verdict-message.js';

export interface SessionOptions {
  readonly streamId: string;
  readonly frameAgeMaxMs: number;
  readonly cartStalledMs: number;
  /** Bytes of frames the stream may hold, in flight and waiting. */
  readonly memoryBytesMax: number;
  readonly readClockUs: () => number;
  readonly openEngineStream: (listener: EngineStreamListener) => EngineStream;
  readonly openRecording: OpenRecording | null;
  readonly observer: SessionObserver;
  readonly procedures: ProcedureServices;
  /** Hears the times of every frame that went to admission; null = nobody traces. */
  readonly onJourney: ((journey: FrameJourney) => void) | null;
  /** Makes the one who follows the stream; `publish` does. */
  readonly createListener: (session: Session) => SessionListener;
}

/**
 * One stream: its cart, the order of its frames, admission to the engine, and the verdict of every
 * frame. It owns no socket; carts and displays are `CartLink` and `SessionListener`.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #holders = new Set<symbol>();
  readonly #ledger = createVerdictLedger();
  readonly #flow: FrameFlow;
  /** Takes the operator's commands. */
  readonly desk: ProcedureDesk;
  #state: StreamState = 'idle';
  #cart: CartLink | null = null;
  #lastCart: CartLink | null = null;
  #recording: RecordingSink | null = null;
  #order: FrameOrder | null = null;
  readonly #epochs = createStreamEpochs();
  #frameAtUs = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#listener = options.createListener(this);
    this.#flow = new FrameFlow({
      openEngineStream: options.openEngineStream,
      readClockUs: options.readClockUs,
      onEnd: (item, end) => this.#end(item, end),
      onEngineLost: () => this.#engineLost(),
      onEngineReady: () => this.#tellInfo(),
    });
    this.desk = new ProcedureDesk({
      stream: options.streamId,
      services: options.procedures,
      readClockUs: options.readClockUs,
      onPlan: (plan) => this.#flow.setPlan(plan),
      onMessage: (message) => this.#listener.onProcedure(message),
      onEvent: (event) => this.#recording?.event(recordedEvent(event)),
      onOperator: () => this.#tellInfo(),
    });
  }

  get streamId(): string {
    return this.#options.streamId;
  }

  get state(): StreamState {
    return this.#state;
  }

  get hasCart(): boolean {
    return this.#cart !== null;
  }

  /** Whether a cart, a display, a procedure or a frame without a verdict needs the stream. */
  get isInUse(): boolean {
    const isWatched = this.hasCart || this.#holders.size > 0;
    return isWatched || this.desk.isRunning || this.#ledger.pending > 0;
  }

  get ledger(): VerdictLedger {
    return this.#ledger;
  }

  get trackEpoch(): number {
    return this.#epochs.trackEpoch;
  }

  /** What displays are told about the stream. */
  info(): StreamInfo {
    return {
      stream: this.streamId,
      state: this.#state,
      isSimulated: this.#lastCart?.isSimulated ?? false,
      cartName: this.#lastCart?.name ?? null,
      operatorName: this.desk.operator,
      engine: this.#flow.isEngineAvailable ? 'ready' : 'unavailable',
    };
  }

  /** The cart's clock now; null without a cart or while it is unknown. */
  cartClock(nowUs: number): CartClock | null {
    return this.#cart?.clock(nowUs) ?? null;
  }

  /** Keeps the stream alive for a display; the returned function lets go. */
  hold(): () => void {
    const holder = Symbol('display');
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  }

  /**
   * Makes `cart` the stream's cart.
   *
   * @throws EcholineError ECHOLINE_SESSION_STREAM_TAKEN while there is another one; it stays
   */
  attachCart(cart: CartLink): void {
    if (this.#cart !== null) {
      const { streamId } = this;
      throw new EcholineError(
        'ECHOLINE_SESSION_STREAM_TAKEN',
        `Stream ${streamId} has a cart already; expected one cart per stream. Choose another ` +
          'stream name or end the other cart.',
        { stream: streamId },
      );
    }
    this.#cart = cart;
    this.#lastCart = cart;
    this.#order = null;
    this.#epochs.cartAttached();
    this.#flow.open();
    this.#recording = this.#options.openRecording?.(this.streamId, cart.isSimulated) ?? null;
    this.#record('cart-attached', { name: cart.name });
    this.desk.cartAttached(cart.isSimulated, this.#recording);
    this.#advance('cart-attached', true);
  }

  /** The cart is gone: what waits expires, what is in flight still gets its overlay. */
  detachCart(cart: CartLink): void {
    if (this.#cart !== cart) return;
    this.#flow.close();
    this.#cart = null;
    this.#record('cart-detached', {});
    if (!this.#flow.isBusy) void this.#recording?.close();
    this.#recording = null;
    this.#advance('cart-detached', false);
  }

  /** A frame message that could not be read: it is offered and `invalid`. */
  offerBroken(cart: CartLink, identity: FrameIdentity | null, error: EcholineError): void {
    this.#offer();
    this.#settle(cart, identity, 'invalid', error);
  }

  /**
   * A well-formed frame. The picture goes to the displays first, whatever becomes of the frame.
   *
   * @returns an error for which the cart's socket has to close, else null
   */
  offerFrame(
    cart: CartLink,
    frame: Frame,
    message: Uint8Array,
    receivedAtUs: number,
  ): EcholineError | null {
    this.#offer();
    this.#frameAtUs = receivedAtUs;
    this.#advance('frame', false);
    this.#recording?.frame(frame, receivedAtUs);
    this.#listener.onFrame(frame, message, receivedAtUs);
    const { order, error } = checkFrameOrder(this.#order, frame);
    this.#order = order;
    if (error !== null) {
      this.#settle(cart, frame, 'invalid', error);
      return null;
    }
    const cold = this.#epochs.frame(frame);
    if (cold !== null) this.#record('cold-start', { reason: cold, trackEpoch: this.trackEpoch });
    const heldBytes = this.#flow.inFlightBytes + message.byteLength;
    const memory = memoryError(heldBytes, this.#options.memoryBytesMax);
    if (memory !== null) {
      this.#settle(cart, frame, 'invalid', memory);
      return memory;
    }
    const clock = cart.clock(receivedAtUs);
    this.#flow.offer({
      cart,
      frame,
      messageBytes: message.byteLength,
      receivedAtUs,
      offeredAtUs: this.#options.readClockUs(),
      recording: this.#recording,
      trackEpoch: this.#epochs.trackEpoch,
      expiresAtUs: expiresAtUs(frame, receivedAtUs, clock, this.#options.frameAgeMaxMs),
    });
    return null;
  }

  /** Notices silence. Called every fraction of `cartStalledMs`. */
  tick(nowUs: number): void {
    this.desk.tick(nowUs);
    if (this.#state !== 'streaming') return;
    if (nowUs - this.#frameAtUs < this.#options.cartStalledMs * 1000) return;
    this.#record('stalled', { silentMs: Math.round((nowUs - this.#frameAtUs) / 1000) });
    this.#advance('silence', false);
  }

  /** The tracker is gone, so the track is a new one. */
  #engineLost(): number {
    const trackEpoch = this.#epochs.raise();
    this.#record('engine-died', { trackEpoch });
    this.#tellInfo();
    return trackEpoch;
  }

  #end(item: OfferedFrame, end: FlowEnd): void {
    const { onJourney, readClockUs, frameAgeMaxMs } = this.#options;
    let endedAtUs = readClockUs();
    if (end.kind === 'result') endedAtUs = this.#publish(item, end);
    const cause =
      end.kind === 'expired' ? expiredError(item.receivedAtUs, endedAtUs, frameAgeMaxMs) : null;
    const error = end.kind === 'result' ? resultError(end.result) : cause;
    this.#settle(item.cart, item.frame, verdictOf(end), error, item.recording);
    // The last frame of a cart that has left: its recording was kept open for it.
    if (item.recording !== this.#recording) void item.recording?.close();
    onJourney?.(journeyOf(this.streamId, item, end, item.cart.clock(endedAtUs), endedAtUs));
  }

  /** Returns when the overlay was handed out, µs. */
  #publish(item: OfferedFrame, { result, times }: Extract<FlowEnd, { kind: 'result' }>): number {
    const { cart, frame, trackEpoch, receivedAtUs, recording } = item;
    const clock = cart.clock(this.#options.readClockUs());
    const shown = outcomeResult(result);
    const outcome = { frame, trackEpoch, receivedAtUs, clock, result: shown, recording };
    const publishedAtUs = this.#listener.onOutcome(outcome);
    this.desk.observe(outcome);
    if (result.kind === 'ok') {
      this.#options.observer.onProcessed(result.stageMs, times === null ? 0 : hopUs(times));
    }
    return publishedAtUs;
  }

  #offer(): void {
    this.#ledger.offer();
    this.#options.observer.onOffered();
  }

  #settle(
    cart: CartLink,
    identity: FrameIdentity | null,
    kind: VerdictKind,
    cause: EcholineError | null,
    recording: RecordingSink | null = this.#recording,
  ): void {
    this.#ledger.settle(kind);
    this.#options.observer.onVerdict(kind, cause?.code ?? null);
    const message = verdictMessage(identity, kind, cause);
    recording?.verdict(message);
    cart.onVerdict(message, this.#options.readClockUs());
  }

  #advance(event: SessionEvent, tellAnyway: boolean): void {
    const before = this.#state;
    this.#state = nextSessionState(before, event);
    if (this.#state !== before || tellAnyway) this.#tellInfo();
  }

  #tellInfo(): void {
    this.#listener.onInfo(this.info());
  }

  #record(kind: string, details: Readonly<Record<string, string | number | null>>): void {
    this.#recording?.event({ kind, atUs: this.#options.readClockUs(), details });
  }
}
