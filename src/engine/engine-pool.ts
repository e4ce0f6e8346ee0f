import { EcholineError } from '../domain/errors.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import { EngineHandle, type EngineJob } from './engine-handle.js';
import type { EngineErrorReport, EngineIdentity, EngineOptions } from './engine-messages.js';
import type {
  EnginePoolEvent,
  EnginePoolStatus,
  EngineRole,
  EngineStream,
  EngineStreamListener,
} from './engine-stream.js';
import { createRestartBudget, type RestartBudget, takeRestart } from './restart-budget.js';

/** A ready engine that said nothing for this long is ended, even while it has no frame. */
const SILENCE_MAX_US = 3_000_000;
const SWEEP_MS = 500;

export interface EnginePoolOptions {
  /** Engines that serve streams; one warm spare comes on top. */
  readonly engines: number;
  /** The child's entry: the compiled `engine-process.js`. */
  readonly entry: URL;
  readonly engine: EngineOptions;
  /** Largest payload that shared memory is made for; null = all go through the socket. */
  readonly sharedPayloadBytesMax: number | null;
  readonly hangMs: number;
  readonly firstFrameMs: number;
  readonly startMs: number;
  readonly restartsPerMinuteMax: number;
  readonly readClockUs: () => number;
  /** For logs, metrics and readiness; streams are told through their own listener. */
  onEvent(event: EnginePoolEvent): void;
}

interface PlacedStream {
  readonly key: number;
  readonly listener: EngineStreamListener;
  plan: GuidancePlan | null;
}

interface Slot {
  engine: EngineHandle | null;
  readonly streams: Set<PlacedStream>;
}

/**
 * N engines that serve streams and one warm spare. A stream stays with its slot; when the slot's
 * engine dies the spare takes over at once and a new spare is started, within a restart budget.
 */
export class EnginePool {
  readonly #options: EnginePoolOptions;
  readonly #slots: readonly Slot[];
  readonly #starting = new Set<EngineHandle>();
  #spare: EngineHandle | null = null;
  #identity: EngineIdentity | null = null;
  #budget: RestartBudget;
  #restarts = 0;
  /** Starts that are not restarts. */
  #firstStartsLeft: number;
  #nextKey = 0;
  #isClosed = false;
  #restartTimer: NodeJS.Timeout | null = null;
  #sweepTimer: NodeJS.Timeout | null = null;
  #sweptAtUs = 0;
  #started: { resolve(identity: EngineIdentity): void; reject(error: Error): void } | null = null;

  constructor(options: EnginePoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.engines }, () => ({
      engine: null,
      streams: new Set<PlacedStream>(),
    }));
    this.#firstStartsLeft = options.engines + 1;
    this.#budget = createRestartBudget(options.restartsPerMinuteMax);
  }

  /** null until the first engine is ready. */
  get identity(): EngineIdentity | null {
    return this.#identity;
  }

  /**
   * Starts the engines; resolves when every slot has a warm one. The first one starts alone: it
   * measures which precision is faster, and all others run the same. The spare is started last, so
   * that it does not delay the first frame.
   *
   * @throws EcholineError with the engine's own code, e.g. ECHOLINE_MODEL_HASH_MISMATCH, or
   *   ECHOLINE_INFERENCE_ENGINE_DIED when engines die before they are ready
   */
  start(): Promise<EngineIdentity> {
    this.#sweptAtUs = this.#options.readClockUs();
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_MS);
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#fill(null);
    });
  }

  /** Gives a stream a place in the slot that has the fewest. */
  openStream(listener: EngineStreamListener): EngineStream {
    const slot = this.#slots.reduce((a, b) => (b.streams.size < a.streams.size ? b : a));
    const stream: PlacedStream = { key: this.#nextKey++, listener, plan: null };
    slot.streams.add(stream);
    return {
      isAvailable: () => slot.engine !== null,
      submit: (frame, trackEpoch, onResult) => {
        slot.engine?.submit({ streamKey: stream.key, trackEpoch, frame, onResult });
      },
      setPlan: (plan) => {
        stream.plan = plan;
        slot.engine?.setPlan(stream.key, plan);
      },
      close: () => {
        if (slot.streams.delete(stream)) slot.engine?.forget(stream.key);
      },
    };
  }

  /** Whether every slot has an engine that was heard within `silentMsMax`, and restarts are few. */
  isReady(silentMsMax: number): boolean {
    const nowUs = this.#options.readClockUs();
    return (
      !this.#isClosed &&
      !this.#isExhausted() &&
      this.#slots.every(
        ({ engine }) => engine !== null && nowUs - engine.heardAtUs <= silentMsMax * 1000,
      )
    );
  }

  status(): EnginePoolStatus {
    const nowUs = this.#options.readClockUs();
    const describe = (handle: EngineHandle, role: EngineRole, streams: number) => ({
      role,
      pid: handle.pid,
      state: handle.state,
      silentMs: Math.max(0, Math.round((nowUs - handle.heardAtUs) / 1000)),
      streams,
    });
    const engines = this.#slots.flatMap(({ engine, streams }) =>
      engine === null ? [] : [describe(engine, 'serving', streams.size)],
    );
    if (this.#spare !== null) engines.push(describe(this.#spare, 'spare', 0));
    for (const handle of this.#starting) engines.push(describe(handle, 'spare', 0));
    return { engines, restarts: this.#restarts, isExhausted: this.#isExhausted() };
  }

  /** Ends all engines; resolves when their processes are gone. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    if (this.#sweepTimer !== null) clearInterval(this.#sweepTimer);
    const handles = [...this.#starting, ...this.#slots.map(({ engine }) => engine), this.#spare];
    await Promise.all(handles.map((handle) => handle?.close()));
  }

  #startEngine(): void {
    const { entry, engine, hangMs, firstFrameMs, startMs } = this.#options;
    const { sharedPayloadBytesMax, readClockUs } = this.#options;
    const chosen = this.#identity?.inference;
    const precision = chosen?.precision ?? engine.precision;
    const intraOpThreads = chosen?.threads.count ?? engine.intraOpThreads;
    const handle = new EngineHandle({
      entry,
      engine: { ...engine, precision, intraOpThreads },
      sharedPayloadBytesMax,
      limits: { hangUs: hangMs * 1000, firstFrameUs: firstFrameMs * 1000 },
      startMs,
      readClockUs,
      onReady: (ready, identity) => this.#onReady(ready, identity),
      onSecondOpinion: ({ pid }, report) =>
        this.#options.onEvent({ kind: 'second-opinion', pid, report }),
      onDead: (dead, error, jobs) => this.#onDead(dead, error, jobs),
    });
    this.#starting.add(handle);
  }

  #onReady(handle: EngineHandle, identity: EngineIdentity): void {
    this.#starting.delete(handle);
    this.#identity ??= identity;
    const empty = this.#slots.find(({ engine }) => engine === null);
    if (empty === undefined) {
      this.#spare = handle;
      this.#options.onEvent({ kind: 'engine-ready', pid: handle.pid, role: 'spare' });
    } else {
      takeOver(empty, handle);
      this.#options.onEvent({ kind: 'engine-ready', pid: handle.pid, role: 'serving' });
      for (const { listener } of empty.streams) listener.onEngineReady();
    }
    if (this.#started !== null && this.#slots.every(({ engine }) => engine !== null)) {
      this.#started.resolve(identity);
      this.#started = null;
    }
    this.#fill(null);
  }

  #onDead(handle: EngineHandle, error: EngineErrorReport, jobs: readonly EngineJob[]): void {
    if (this.#isClosed) return;
    const slot = this.#slots.find(({ engine }) => engine === handle);
    const role = slot === undefined ? 'spare' : 'serving';
    this.#starting.delete(handle);
    if (this.#spare === handle) this.#spare = null;
    if (slot !== undefined) {
      takeOver(slot, this.#spare);
      this.#spare = null;
      for (const { listener } of slot.streams) listener.onEngineLost();
    }
    this.#options.onEvent({ kind: 'engine-died', pid: handle.pid, role, error });
    for (const job of jobs) job.onResult({ kind: 'failed', error }, null);
    if (slot !== undefined && slot.engine !== null) {
      for (const { listener } of slot.streams) listener.onEngineReady();
    }
    if (this.#started !== null && isNotWorthAnotherTry(error)) {
      this.#fail(error);
      return;
    }
    this.#fill(error);
  }

  /**
   * Starts what is missing: the first engine, then the slots' engines and, once those are there,
   * the spare. When the restart budget is spent the rest is put off until it allows one again.
   */
  #fill(error: EngineErrorReport | null): void {
    if (this.#isClosed || this.#isExhausted()) return;
    const serving = this.#slots.filter(({ engine }) => engine !== null).length;
    const all = this.#slots.length + (this.#started === null ? 1 : 0);
    const wanted = this.#identity === null ? 1 : all;
    const alive = serving + this.#starting.size + (this.#spare === null ? 0 : 1);
    for (let index = alive; index < wanted; index += 1) {
      const allowedInUs = this.#takeStart();
      if (allowedInUs > 0) {
        this.#putOff(allowedInUs, error);
        return;
      }
      this.#startEngine();
    }
  }

  /** 0 when an engine may be started now, else the time until then, µs. */
  #takeStart(): number {
    if (this.#firstStartsLeft > 0) {
      this.#firstStartsLeft -= 1;
      return 0;
    }
    const taken = takeRestart(this.#budget, this.#options.readClockUs());
    this.#budget = taken.budget;
    if (taken.allowedInUs <= 0) this.#restarts += 1;
    return taken.allowedInUs;
  }

  #putOff(allowedInUs: number, error: EngineErrorReport | null): void {
    if (this.#started !== null && error !== null) {
      this.#fail(error);
      return;
    }
    const nextRestartInMs = Math.ceil(allowedInUs / 1000);
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = null;
      this.#fill(null);
    }, nextRestartInMs);
    this.#options.onEvent({ kind: 'restarts-exhausted', nextRestartInMs });
  }

  #isExhausted(): boolean {
    return this.#restartTimer !== null;
  }

  #fail(error: EngineErrorReport): void {
    this.#started?.reject(new EcholineError(error.code, error.message, error.details));
    this.#started = null;
    void this.close();
  }

  /** Ends engines that fell silent. After a pause of the service itself nobody is to blame. */
  #sweep(): void {
    const nowUs = this.#options.readClockUs();
    const hasPaused = nowUs - this.#sweptAtUs > 2 * SWEEP_MS * 1000;
    this.#sweptAtUs = nowUs;
    if (hasPaused) return;
    for (const handle of [...this.#slots.map(({ engine }) => engine), this.#spare]) {
      if (handle !== null && nowUs - handle.heardAtUs > SILENCE_MAX_US) {
        handle.kill(`The engine said nothing for ${SILENCE_MAX_US / 1000} ms; killed it.`);
      }
    }
  }
}

/** Gives a slot its engine, which is told what the slot's streams go by. */
function takeOver(slot: Slot, engine: EngineHandle | null): void {
  slot.engine = engine;
  for (const { key, plan } of slot.streams) {
    if (plan !== null) engine?.setPlan(key, plan);
  }
}

/** A wrong model stays wrong; anything else may have been bad luck. */
function isNotWorthAnotherTry(error: EngineErrorReport): boolean {
  return !error.code.startsWith('ECHOLINE_INFERENCE_');
}
