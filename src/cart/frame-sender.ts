import { EcholineError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import type { VerdictCounts, VerdictKind } from '../domain/verdict.js';
import type { CartWelcome, VerdictMessage } from '../protocol/control-messages.js';
import { encodeFrameMessage } from '../protocol/frame-message.js';

/** What happened to the frames so far. `sent` = sum of `verdicts` + `pending`, always. */
export interface CartCounts {
  readonly sent: number;
  /** Offered, but replaced by a newer one before there was a credit, or offered after the end. */
  readonly skipped: number;
  /** Sent, without a verdict yet. */
  readonly pending: number;
  readonly verdicts: VerdictCounts;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: EcholineError) => void;
}

/**
 * Spends credits on frames. While there is none it keeps the newest offered frame only, so that a
 * slow network skips frames and never queues stale ones.
 */
export class FrameSender {
  readonly #verdicts: Record<VerdictKind, number> = {
    ok: 0,
    superseded: 0,
    expired: 0,
    invalid: 0,
    failed: 0,
  };
  readonly #waiters: Waiter[] = [];
  #welcome: CartWelcome | null = null;
  #transmit: ((bytes: Uint8Array) => boolean) | null = null;
  #waiting: Uint8Array | null = null;
  #credits = 0;
  #sent = 0;
  #skipped = 0;
  #end: EcholineError | null = null;

  get credits(): number {
    return this.#credits;
  }

  get counts(): CartCounts {
    return {
      sent: this.#sent,
      skipped: this.#skipped,
      pending: this.#pending,
      verdicts: { ...this.#verdicts },
    };
  }

  get #pending(): number {
    const { ok, superseded, expired, invalid, failed } = this.#verdicts;
    return this.#sent - (ok + superseded + expired + invalid + failed);
  }

  /** The welcome brings the first credits; `transmit` puts a message on the wire, if it can. */
  start(welcome: CartWelcome, transmit: (bytes: Uint8Array) => boolean): void {
    this.#welcome = welcome;
    this.#transmit = transmit;
    this.#credits = welcome.inFlightFramesMax;
  }

  /** Sends nothing from now on; verdicts of what is under way still count. Idempotent. */
  stop(): void {
    this.#transmit = null;
    if (this.#waiting !== null) this.#skipped += 1;
    this.#waiting = null;
  }

  /** The connection is gone: `error` says why, null when it was closed on purpose. Idempotent. */
  end(error: EcholineError | null): void {
    this.stop();
    const message = `The connection ended with ${this.#pending} frames without a verdict.`;
    const pending = { pending: this.#pending };
    this.#end = error ?? new EcholineError('ECHOLINE_SESSION_ENDED', message, pending);
    this.#settle();
  }

  trySend(frame: Frame): boolean {
    if (this.#transmit === null || this.#credits === 0) return false;
    return this.#send(this.#encode(frame));
  }

  offer(frame: Frame): boolean {
    if (this.#transmit === null) {
      this.#skipped += 1;
      return false;
    }
    const bytes = this.#encode(frame);
    if (this.#credits > 0) return this.#send(bytes);
    if (this.#waiting !== null) this.#skipped += 1;
    this.#waiting = bytes;
    return false;
  }

  takeVerdict(verdict: VerdictMessage): void {
    this.#verdicts[verdict.verdict] += 1;
    this.#credits += verdict.credits;
    const bytes = this.#waiting;
    if (bytes !== null && this.#credits > 0) {
      this.#waiting = null;
      this.#send(bytes);
    }
    this.#settle();
  }

  waitForVerdicts(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#settle();
    });
  }

  #encode(frame: Frame): Uint8Array {
    return encodeFrameMessage(frame, this.#welcome?.limits);
  }

  #send(bytes: Uint8Array): boolean {
    const isSent = this.#transmit?.(bytes) ?? false;
    if (isSent) {
      this.#credits -= 1;
      this.#sent += 1;
    } else {
      this.#skipped += 1;
    }
    return isSent;
  }

  #settle(): void {
    const isDone = this.#pending === 0 && this.#waiting === null;
    if (!isDone && this.#end === null) return;
    for (const waiter of this.#waiters.splice(0)) {
      if (isDone || this.#end === null) waiter.resolve();
      else waiter.reject(this.#end);
    }
  }
}
