import { assert } from '../domain/assert.js';
import type { Frame } from '../domain/frame.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import type { SecondOpinionReport } from '../domain/second-opinion.js';
import { EngineLink } from './engine-link.js';
import type {
  EngineErrorReport,
  EngineIdentity,
  EngineOptions,
  EngineReply,
  EngineResult,
  FrameReply,
  HopTimes,
} from './engine-messages.js';
import {
  frameReturned,
  frameSent,
  hangsInUs,
  IDLE_WATCHDOG,
  servicePaused,
  type Watchdog,
  type WatchdogLimits,
} from './watchdog.js';

/** Time for an engine to leave by itself once its channel is closed. */
const LEAVE_MS = 500;
/** While an engine is busy the service looks this often whether it runs itself. */
const WATCH_SLICE_US = 25_000;
/** A timer that is less late than this was on time. */
const LATE_MIN_US = 5000;

/** One frame on its way through an engine. */
export interface EngineJob {
  readonly streamKey: number;
  readonly trackEpoch: number;
  readonly frame: Frame;
  /** Called exactly once; `times` is null when the engine did not answer. */
  onResult(result: EngineResult, times: HopTimes | null): void;
}

/** What the pool gives to an engine and hears from it. */
export interface EngineHandleOptions {
  readonly entry: URL;
  readonly engine: EngineOptions;
  /** Largest payload that shared memory is made for; null = all go through the socket. */
  readonly sharedPayloadBytesMax: number | null;
  readonly limits: WatchdogLimits;
  readonly startMs: number;
  readonly readClockUs: () => number;
  onReady(handle: EngineHandle, identity: EngineIdentity): void;
  onSecondOpinion(handle: EngineHandle, report: SecondOpinionReport): void;
  /** The process is gone or given up; `jobs` are the frames it had, still without a result. */
  onDead(handle: EngineHandle, error: EngineErrorReport, jobs: readonly EngineJob[]): void;
}

interface SentJob {
  readonly job: EngineJob;
  readonly ticket: number;
  readonly sentAtUs: number;
}

/**
 * One engine process as the service sees it: `starting → ready → dead`. It kills a process that
 * hangs, because inference blocks its thread and cannot be interrupted in any other way.
 */
export class EngineHandle {
  readonly #options: EngineHandleOptions;
  readonly #link: EngineLink;
  /**
   * Oldest first, which is the order of the answers. No `Map`: whenever V8 gives one a new table
   * the old one keeps the frames in it and knows the new one, so that garbage kept every third
   * frame's memory until the next full collection (docs/performance.md).
   */
  readonly #jobs: SentJob[] = [];
  #state: 'starting' | 'ready' | 'dead' = 'starting';
  #watchdog: Watchdog = IDLE_WATCHDOG;
  #hangTimer: NodeJS.Timeout | null = null;
  #startTimer: NodeJS.Timeout | null;
  #heardAtUs: number;
  #nextTicket = 0;

  constructor(options: EngineHandleOptions) {
    this.#options = options;
    this.#heardAtUs = options.readClockUs();
    const { entry, engine, sharedPayloadBytesMax } = options;
    this.#link = new EngineLink({
      entry,
      engine,
      sharedPayloadBytesMax,
      onReply: (reply) => this.#hear(reply),
      onResult: (reply, result) => this.#hearResult(reply, result),
      onLost: (what) => this.#lost(what),
    });
    this.#startTimer = setTimeout(() => {
      this.#die(timeoutReport(`Expected a ready engine within ${options.startMs} ms.`));
    }, options.startMs);
  }

  /** null when the process could not be started. */
  get pid(): number | null {
    return this.#link.pid;
  }

  get state(): 'starting' | 'ready' | 'dead' {
    return this.#state;
  }

  /** When the engine last said anything, µs. */
  get heardAtUs(): number {
    return this.#heardAtUs;
  }

  /** Hands a frame to the engine. Only a ready engine may be asked. */
  submit(job: EngineJob): void {
    assert(this.#state === 'ready', 'a frame needs a ready engine');
    const ticket = this.#nextTicket++;
    const sentAtUs = this.#options.readClockUs();
    const { streamKey, trackEpoch, frame } = job;
    this.#jobs.push({ job, ticket, sentAtUs });
    this.#watchdog = frameSent(this.#watchdog, sentAtUs);
    this.#link.sendFrame({ ticket, streamKey, trackEpoch }, frame);
    this.#armHangTimer(sentAtUs);
  }

  /** Tells the engine what the guidance of a stream goes by. */
  setPlan(streamKey: number, plan: GuidancePlan): void {
    if (this.#state === 'ready') this.#link.sendNote({ kind: 'plan', streamKey, plan });
  }

  /** Lets the engine drop the state of a stream. */
  forget(streamKey: number): void {
    if (this.#state === 'ready') this.#link.sendNote({ kind: 'forget', streamKey });
  }

  /** Kills the process and reports it dead with `message`. */
  kill(message: string): void {
    this.#die({ code: 'ECHOLINE_INFERENCE_ENGINE_DIED', message, details: {} });
  }

  /** Ends the process without reporting it dead; resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    const isBusyLoading = this.#state === 'starting';
    this.#state = 'dead';
    this.#clearTimers();
    this.#link.disconnect();
    // Loading and warming up block the child for a second and have nothing to finish.
    if (isBusyLoading) this.#link.kill();
    const timer = setTimeout(() => this.#link.kill(), LEAVE_MS);
    await this.#link.exited;
    clearTimeout(timer);
  }

  #hear(reply: EngineReply): void {
    if (this.#state === 'dead') return;
    this.#heardAtUs = this.#options.readClockUs();
    switch (reply.kind) {
      case 'ready':
        this.#state = 'ready';
        this.#clearTimers();
        this.#options.onReady(this, reply.identity);
        return;
      case 'fatal':
        this.#die(reply.error);
        return;
      case 'heartbeat':
        return;
      case 'second-opinion':
        this.#options.onSecondOpinion(this, reply.report);
        return;
    }
  }

  #hearResult({ ticket, receivedAtUs, doneAtUs }: FrameReply, result: EngineResult): void {
    if (this.#state === 'dead') return;
    const sent = this.#jobs.shift();
    assert(sent?.ticket === ticket, `engine answered ticket ${ticket} out of turn`);
    const heardAtUs = this.#options.readClockUs();
    this.#heardAtUs = heardAtUs;
    this.#watchdog = frameReturned(this.#watchdog, heardAtUs);
    const { job, sentAtUs } = sent;
    job.onResult(result, { sentAtUs, receivedAtUs, doneAtUs, heardAtUs });
  }

  /**
   * One short timer at a time, armed lazily: a frame that comes back in time costs nothing. A timer
   * that fires late shows that the service itself did not run. The check runs in a `setImmediate`,
   * so that a result that is already in the pipe is read first.
   */
  #armHangTimer(nowUs: number): void {
    const inUs = hangsInUs(this.#watchdog, this.#options.limits, nowUs);
    if (inUs === null || this.#hangTimer !== null) return;
    const waitMs = Math.max(1, Math.ceil(Math.min(inUs, WATCH_SLICE_US) / 1000));
    const dueAtUs = nowUs + waitMs * 1000;
    this.#hangTimer = setTimeout(() => setImmediate(() => this.#checkHang(dueAtUs)), waitMs);
  }

  #checkHang(dueAtUs: number): void {
    this.#hangTimer = null;
    if (this.#state !== 'ready') return;
    const nowUs = this.#options.readClockUs();
    const lateUs = nowUs - dueAtUs;
    if (lateUs > LATE_MIN_US) this.#watchdog = servicePaused(this.#watchdog, lateUs, nowUs);
    const inUs = hangsInUs(this.#watchdog, this.#options.limits, nowUs);
    if (inUs === null) return;
    if (inUs > 0) {
      this.#armHangTimer(nowUs);
      return;
    }
    const { hangUs, firstFrameUs } = this.#options.limits;
    const limitUs = this.#watchdog.framesDone === 0 ? firstFrameUs : hangUs;
    this.#die(timeoutReport(`Expected a result within ${limitUs / 1000} ms; killed the engine.`));
  }

  #lost(what: string): void {
    this.kill(`The engine ${what} (process ${this.pid ?? 'none'}).`);
  }

  #die(error: EngineErrorReport): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#clearTimers();
    this.#link.kill();
    const jobs = this.#jobs.splice(0).map(({ job }) => job);
    this.#options.onDead(this, error, jobs);
  }

  #clearTimers(): void {
    if (this.#hangTimer !== null) clearTimeout(this.#hangTimer);
    if (this.#startTimer !== null) clearTimeout(this.#startTimer);
    this.#hangTimer = null;
    this.#startTimer = null;
  }
}

function timeoutReport(message: string): EngineErrorReport {
  return { code: 'ECHOLINE_INFERENCE_TIMEOUT', message, details: {} };
}
