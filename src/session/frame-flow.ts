import type { Frame } from '../domain/frame.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import type { RecordingSink } from '../domain/recording.js';
import {
  type AdmissionItem,
  type AdmissionState,
  type AdmissionStep,
  createAdmission,
  expireWaiting,
  itemDone,
  offerItem,
} from '../engine/admission.js';
import type { EngineErrorReport, EngineResult, HopTimes } from '../engine/engine-messages.js';
import type { EngineStream, EngineStreamListener } from '../engine/engine-stream.js';
import type { CartLink } from './session-listener.js';

/** A frame on its way to its verdict. */
export interface OfferedFrame extends AdmissionItem {
  readonly cart: CartLink;
  readonly frame: Frame;
  readonly messageBytes: number;
  readonly receivedAtUs: number;
  /** It was read, its picture passed on. */
  readonly offeredAtUs: number;
  /** The recording of the cart's connection; null while nothing is recorded. */
  readonly recording: RecordingSink | null;
  /** Raised in place when the engine is replaced while the frame waits. */
  trackEpoch: number;
}

/** How a frame left the flow. */
export type FlowEnd =
  | { readonly kind: 'superseded' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'result'; readonly result: EngineResult; readonly times: HopTimes | null };

export interface FrameFlowOptions {
  readonly openEngineStream: (listener: EngineStreamListener) => EngineStream;
  readonly readClockUs: () => number;
  /** Called exactly once for each offered frame, also from within `offer`. */
  onEnd(item: OfferedFrame, end: FlowEnd): void;
  /** Called before the frame in flight fails. Returns the track epoch from now on. */
  onEngineLost(): number;
  onEngineReady(): void;
}

const UNAVAILABLE: EngineErrorReport = {
  code: 'ECHOLINE_INFERENCE_UNAVAILABLE',
  message: 'No engine is ready for this stream; the next one is being started.',
  details: {},
};

const DIED_BETWEEN_FRAMES: EngineErrorReport = {
  code: 'ECHOLINE_INFERENCE_ENGINE_DIED',
  message: 'The engine of this stream died before this frame; another one takes over.',
  details: {},
};

/** A stream's frames between admission and their end in the engine. */
export class FrameFlow {
  readonly #options: FrameFlowOptions;
  #engine: EngineStream | null = null;
  #admission: AdmissionState<OfferedFrame> = createAdmission('newest');
  #plan: GuidancePlan | null = null;
  #owesUnavailable = false;
  #isOpen = false;

  constructor(options: FrameFlowOptions) {
    this.#options = options;
  }

  /** True also while the flow is not open: nothing is known to be wrong. */
  get isEngineAvailable(): boolean {
    return this.#engine?.isAvailable() ?? true;
  }

  /** Whether a frame is in the engine. */
  get isBusy(): boolean {
    return this.#admission.inFlight !== null;
  }

  /** Bytes of the frame in the engine. What waits is replaced by a newer frame. */
  get inFlightBytes(): number {
    return this.#admission.inFlight?.messageBytes ?? 0;
  }

  /** Takes a place in the engine pool. Idempotent. */
  open(): void {
    this.#isOpen = true;
    if (this.#engine !== null) return;
    this.#engine = this.#options.openEngineStream({
      onEngineLost: () => this.#engineLost(),
      onEngineReady: () => this.#options.onEngineReady(),
    });
    if (this.#plan !== null) this.#engine.setPlan(this.#plan);
  }

  /** What guidance goes by from the next frame on, also over closing and opening. */
  setPlan(plan: GuidancePlan): void {
    this.#plan = plan;
    this.#engine?.setPlan(plan);
  }

  /** What waits expires; the place is given back once the frame in flight came back. */
  close(): void {
    this.#isOpen = false;
    this.#carryOut(expireWaiting(this.#admission));
    this.#release();
  }

  /** Offers a frame. The flow has to be open. */
  offer(item: OfferedFrame): void {
    if (this.#owesUnavailable) {
      this.#owesUnavailable = false;
      const result = { kind: 'failed', error: DIED_BETWEEN_FRAMES } as const;
      this.#options.onEnd(item, { kind: 'result', result, times: null });
      return;
    }
    this.#carryOut(offerItem(this.#admission, item, item.receivedAtUs));
  }

  #carryOut(step: AdmissionStep<OfferedFrame>): void {
    this.#admission = step.state;
    for (const { kind, item } of step.actions) {
      if (kind === 'start') this.#start(item);
      else this.#options.onEnd(item, { kind });
    }
  }

  #start(item: OfferedFrame): void {
    if (this.#engine?.isAvailable() !== true) {
      this.#finish(item, { kind: 'failed', error: UNAVAILABLE }, null);
      return;
    }
    this.#engine.submit(item.frame, item.trackEpoch, (result, times) => {
      this.#finish(item, result, times);
    });
  }

  #finish(item: OfferedFrame, result: EngineResult, times: HopTimes | null): void {
    this.#options.onEnd(item, { kind: 'result', result, times });
    this.#carryOut(itemDone(this.#admission, this.#options.readClockUs()));
    this.#release();
  }

  /**
   * Displays must see the break even when the engine died between two frames and the spare is there
   * at once: then the next frame pays for it.
   */
  #engineLost(): void {
    const trackEpoch = this.#options.onEngineLost();
    for (const item of this.#admission.waiting) item.trackEpoch = trackEpoch;
    if (this.#admission.inFlight === null) this.#owesUnavailable = true;
  }

  #release(): void {
    if (this.#isOpen || this.#admission.inFlight !== null) return;
    this.#engine?.close();
    this.#engine = null;
    this.#owesUnavailable = false;
  }
}
