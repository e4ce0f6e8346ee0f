import type { Frame } from '../domain/frame.js';
import type { ModelIdentity } from '../domain/overlay.js';
import type { StreamInfo } from '../protocol/control-messages.js';
import type { ProcedureMessage } from '../protocol/procedure-messages.js';
import type { FrameOutcome } from '../session/frame-outcome.js';
import type { SessionListener } from '../session/session-listener.js';
import { buildOverlay } from './overlay-builder.js';
import { createOverlayVariants } from './overlay-variants.js';
import type { PacedItem } from './paced-slot.js';
import { createRelayEncoder, type RelayEncoder } from './relay-encoder.js';

/** One display of a stream, as the fan-out sees it. */
export interface DisplaySink {
  readonly wantsFrames: boolean;
  /** Where it wants the tip predicted to, see `DisplayHello`; null: nowhere. */
  readonly predictAfterPublishMs: number | null;
  offerOverlay(item: PacedItem, nowUs: number): void;
  offerFrame(item: PacedItem, nowUs: number): void;
  onInfo(info: StreamInfo): void;
  onProcedure(message: ProcedureMessage): void;
}

/** Who counts; `telemetry` does. */
export interface FanOutObserver {
  /** An overlay went out to everybody; time since its frame came in. */
  onPublished(receiveToPublishUs: number): void;
  onRelayed(): void;
}

export interface FanOutOptions {
  readonly streamId: string;
  readonly model: () => ModelIdentity;
  readonly readClockUs: () => number;
  readonly observer: FanOutObserver;
  onEncoderError(error: unknown): void;
}

/** One stream's way out: overlays are serialised and frames passed on once, not once a display. */
export class FanOut implements SessionListener {
  readonly #options: FanOutOptions;
  readonly #displays = new Set<DisplaySink>();
  readonly #overlayListeners = new Set<(overlay: Uint8Array) => void>();
  readonly #relay: RelayEncoder;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#relay = createRelayEncoder(
      ({ frame, bytes }) => this.#emitFrame(frame, bytes),
      (error) => options.onEncoderError(error),
    );
  }

  get displayCount(): number {
    return this.#displays.size;
  }

  /** Adds a display; the returned function removes it. */
  addDisplay(display: DisplaySink): () => void {
    this.#displays.add(display);
    return () => this.#displays.delete(display);
  }

  /** Adds somebody who hears every overlay unpaced; the returned function removes it. */
  addOverlayListener(listener: (overlay: Uint8Array) => void): () => void {
    this.#overlayListeners.add(listener);
    return () => this.#overlayListeners.delete(listener);
  }

  onFrame(frame: Frame, message: Uint8Array): void {
    for (const display of this.#displays) {
      if (!display.wantsFrames) continue;
      this.#relay.relay(frame, message);
      return;
    }
  }

  onOutcome(outcome: FrameOutcome): number {
    const { streamId, model, readClockUs, observer } = this.#options;
    const nowUs = readClockUs();
    const overlay = buildOverlay(streamId, outcome, model(), nowUs);
    outcome.recording?.overlay(overlay.read());
    if (this.#displays.size > 0 || this.#overlayListeners.size > 0) {
      const variantFor = createOverlayVariants(outcome.frame, overlay);
      for (const display of this.#displays) {
        display.offerOverlay(variantFor(display.predictAfterPublishMs), nowUs);
      }
      for (const listener of this.#overlayListeners) listener(variantFor(null).bytes);
    }
    const publishedAtUs = readClockUs();
    observer.onPublished(publishedAtUs - outcome.receivedAtUs);
    return publishedAtUs;
  }

  onInfo(info: StreamInfo): void {
    for (const display of this.#displays) display.onInfo(info);
  }

  onProcedure(message: ProcedureMessage): void {
    for (const display of this.#displays) display.onProcedure(message);
  }

  #emitFrame(frame: Frame, bytes: Uint8Array): void {
    this.#options.observer.onRelayed();
    const nowUs = this.#options.readClockUs();
    const item = { epoch: frame.epoch, frameId: frame.frameId, bytes };
    for (const display of this.#displays) {
      if (display.wantsFrames) display.offerFrame(item, nowUs);
    }
  }
}
