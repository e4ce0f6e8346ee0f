import { type CartConnection, connectCart } from '../../cart/cart-client.js';
import { monotonicUs } from '../../cart/monotonic-clock.js';
import { connectOverlays, type OverlayConnection } from '../../cart/overlay-client.js';
import { EcholineError } from '../../domain/errors.js';
import type { ModelIdentity, Overlay } from '../../domain/overlay.js';
import { type PassFigures, PassRecord } from './demo-figures.js';
import type { DemoFrame } from './demo-frame.js';
import { createDemoOperator } from './demo-procedure.js';
import { runPacedPass } from './paced-loop.js';
import type { DemoStatus } from './status-line.js';

/** How long verdicts and overlays of a pass may be outstanding at its end, ms. */
const SETTLE_MS = 1_000;
/** How long the service may take to load and warm the model, ms. */
const READY_TIMEOUT_MS = 30_000;
const PREVIEW_EPOCH = 0;

/** A cart and a display in this process, against a service in another one: one clock for both. */
export interface DemoSession {
  readonly model: ModelIdentity | null;
  /** Offers a frame at once; its figures do not count. */
  preview(frame: DemoFrame): void;
  /** Offers the whole loop, each frame when it is due, and waits for what becomes of it. */
  runPass(frames: readonly DemoFrame[]): Promise<void>;
  status(): DemoStatus;
  /** Figures of the newest pass. */
  figures(): PassFigures;
  close(): Promise<void>;
}

/** Where a demo session connects. */
export interface DemoSessionOptions {
  readonly serviceUrl: string;
  readonly streamId: string;
  readonly isSimulated: boolean;
  /** Whether the demo gives the commands of an operator that belong to its own clip. */
  readonly isOperated: boolean;
  readonly signal: AbortSignal;
}

/**
 * Connects a display and a cart once the service is ready.
 *
 * @throws EcholineError when the service does not become ready in 30 s
 */
export async function openDemoSession(options: DemoSessionOptions): Promise<DemoSession> {
  await waitUntilReady(options);
  const socketUrl = options.serviceUrl.replace(/^http/, 'ws');
  const stream = `${socketUrl}/v1/streams/${encodeURIComponent(options.streamId)}`;
  const records = new Map<number, PassRecord>();
  const state: Received = { model: null, overlays: 0, newest: null };
  const display = await connectOverlays({
    url: `${stream}/overlays`,
    ...(options.isOperated && { role: 'operator' as const, name: 'echoline demo' }),
    onOverlay(overlay) {
      state.model = overlay.model;
      state.overlays += 1;
      state.newest = overlay;
      records.get(overlay.epoch)?.overlay(overlay, performance.now());
    },
  });
  const cart = await connectCart({
    url: `${stream}/frames`,
    name: 'echoline demo',
    isSimulated: options.isSimulated,
    onVerdict(message) {
      if (message.epoch !== null) records.get(message.epoch)?.verdict(message.verdict);
    },
  });
  return new RunningSession(cart, display, records, state, options);
}

/** What has come in so far. */
interface Received {
  model: ModelIdentity | null;
  overlays: number;
  newest: Overlay | null;
}

/** The one implementation of `DemoSession`. */
class RunningSession implements DemoSession {
  readonly #cart: CartConnection;
  readonly #display: OverlayConnection;
  readonly #records: Map<number, PassRecord>;
  readonly #state: Received;
  readonly #signal: AbortSignal;
  readonly #isOperated: boolean;
  #epoch = PREVIEW_EPOCH;
  #frameId = 0;
  #current = new PassRecord();
  #lastStatus = { timeMs: performance.now(), overlays: 0 };

  constructor(
    cart: CartConnection,
    display: OverlayConnection,
    records: Map<number, PassRecord>,
    state: Received,
    { signal, isOperated }: DemoSessionOptions,
  ) {
    this.#cart = cart;
    this.#display = display;
    this.#records = records;
    this.#state = state;
    this.#signal = signal;
    this.#isOperated = isOperated;
    records.set(PREVIEW_EPOCH, this.#current);
  }

  get model(): ModelIdentity | null {
    return this.#state.model;
  }

  preview(demoFrame: DemoFrame): void {
    this.#offer(demoFrame, performance.now());
  }

  async runPass(frames: readonly DemoFrame[]): Promise<void> {
    this.#epoch += 1;
    this.#frameId = 0;
    this.#current = new PassRecord();
    this.#records.clear();
    this.#records.set(this.#epoch, this.#current);
    const operator = createDemoOperator((command) => this.#display.command(command));
    const offer = (frame: DemoFrame, dueMs: number): void => {
      const { newest } = this.#state;
      const seen = newest?.epoch === this.#epoch ? newest : null;
      if (this.#isOperated) operator.advance(frame.offsetUs, seen);
      this.#offer(frame, dueMs);
    };
    await runPacedPass(frames, (frame, _index, dueMs) => offer(frame, dueMs), this.#signal);
    await this.#settle();
  }

  #offer(demoFrame: DemoFrame, dueMs: number): void {
    const frameId = this.#frameId;
    this.#frameId += 1;
    const captureTimeUs = monotonicUs();
    const frame = { ...demoFrame.frame, epoch: this.#epoch, frameId, captureTimeUs };
    if (this.#cart.trySend(frame)) this.#current.offer(frameId, demoFrame, dueMs);
    else this.#current.skip();
  }

  /** Waits for the verdicts of the pass, and a moment longer for its last overlay. */
  async #settle(): Promise<void> {
    const deadlineMs = performance.now() + SETTLE_MS;
    while (this.#current.open > 0 && performance.now() < deadlineMs && !this.#signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (!this.#signal.aborted) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  status(): DemoStatus {
    const timeMs = performance.now();
    const { overlays } = this.#state;
    const fps =
      ((overlays - this.#lastStatus.overlays) * 1000) / (timeMs - this.#lastStatus.timeMs);
    this.#lastStatus = { timeMs, overlays };
    return { fps, figures: this.figures(), needleState: this.#current.needleState };
  }

  figures(): PassFigures {
    return this.#current.figures();
  }

  async close(): Promise<void> {
    await Promise.all([this.#cart.close('the demo ends'), this.#display.close()]);
  }
}

async function waitUntilReady({ serviceUrl, signal }: DemoSessionOptions): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  let words = '';
  while (performance.now() < deadlineMs && !signal.aborted) {
    const answer = await askReady(serviceUrl, signal);
    if (answer === null) return;
    words = answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new EcholineError(
    'ECHOLINE_INFERENCE_UNAVAILABLE',
    `The service was not ready after ${READY_TIMEOUT_MS / 1000} s: ${words}. Try: echoline doctor`,
  );
}

/** null when the service is ready; else what it says, or why it cannot be asked. */
async function askReady(serviceUrl: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(`${serviceUrl}/readyz`, { signal });
    return response.ok ? null : await response.text();
  } catch (error) {
    return String(error);
  }
}
