import { isEcholineError } from '../../../domain/errors.js';
import { conditionWords } from '../compare/compare-results.js';
import { runLoad } from '../load-driver.js';
import type { FrameRecord, LoadFigures } from '../load-figures.js';
import { type LoadClip, type LoadPlan, PLAIN_PLAN } from '../load-plan.js';
import { meaningOfAll } from '../meaning.js';
import type { Floors } from '../peers/floors.js';
import type { BenchMode, Figure, Measurement, SuiteName, SuiteResult } from '../result.js';
import type { Target, TargetKind } from '../target.js';
import type { TargetPool } from '../target-pool.js';

type PhantomClip = Extract<LoadClip, { kind: 'phantom' }>;

/** How much a mode measures. */
export interface SuiteScale {
  /** Frames of one open-loop load, and those before that do not count. */
  readonly frames: number;
  readonly warmUpFrames: number;
  /** Of comparisons; the rest is measured once. */
  readonly repetitions: number;
  /** Length of loads above capacity, s. */
  readonly overloadSeconds: number;
  /** The same where targets queue: what they owe grows with it, and is waited for. */
  readonly queueSeconds: number;
  readonly soakFrames: number;
  /** Images in a phantom's loop. */
  readonly images: number;
  /** Frames of the pass from which a suite's meaning is taken. */
  readonly meaningFrames: number;
  /** Images of this size replace larger ones; null = as the suite says. */
  readonly sizeMaxPx: number | null;
}

/** Full: 5 × 600 = 3,000 frames a row of the table. */
export const SCALES: Readonly<Record<Exclude<BenchMode, 'clip'>, SuiteScale>> = {
  smoke: {
    frames: 6,
    warmUpFrames: 2,
    repetitions: 1,
    overloadSeconds: 0.2,
    queueSeconds: 0.2,
    soakFrames: 40,
    images: 4,
    meaningFrames: 4,
    sizeMaxPx: 128,
  },
  quick: {
    frames: 150,
    warmUpFrames: 15,
    repetitions: 1,
    overloadSeconds: 3,
    queueSeconds: 2,
    soakFrames: 5_000,
    images: 20,
    meaningFrames: 20,
    sizeMaxPx: null,
  },
  full: {
    frames: 600,
    warmUpFrames: 15,
    repetitions: 5,
    overloadSeconds: 3,
    queueSeconds: 2,
    soakFrames: 100_000,
    images: 30,
    meaningFrames: 60,
    sizeMaxPx: null,
  },
};

/** What a suite is given. */
export interface SuiteContext {
  readonly mode: Exclude<BenchMode, 'clip'>;
  readonly scale: SuiteScale;
  readonly stop: AbortSignal;
  readonly targets: TargetPool;
  readonly peers: readonly TargetKind[];
  readonly floors: Floors | null;
  /** Says how far it is; one line. */
  say(line: string): void;
  /** What another suite found, which runs now where it has not yet. */
  resultOf(name: SuiteName): Promise<SuiteResult>;
}

/** What a suite finds; name and duration are added by whoever runs it. */
export type SuiteFindings = Omit<SuiteResult, 'suite' | 'seconds'>;
export type Suite = (context: SuiteContext) => Promise<SuiteFindings>;

/** Collects what one suite finds. */
export class SuiteRecord {
  readonly #context: SuiteContext;
  readonly #measurements: Measurement[] = [];
  readonly #figures: Figure[] = [];
  readonly #meanings: string[] = [];
  readonly #invalid = new Set<string>();

  constructor(context: SuiteContext) {
    this.#context = context;
  }

  /**
   * Runs one load and keeps its figures; what is not said of the plan is that of the scale.
   *
   * @throws EcholineError what the load throws
   */
  async measure(
    target: Target,
    changes: Partial<LoadPlan>,
    conditions: Measurement['conditions'],
    repetition = 0,
  ): Promise<{ readonly figures: LoadFigures; readonly records: readonly FrameRecord[] }> {
    const plan = this.#plan(changes);
    const words = conditionWords(conditions);
    this.#context.say(`${target.name}: ${words}`);
    const result = await runLoad(target, plan, this.#context.stop);
    const { figures } = result;
    this.#measurements.push({ target: target.name, conditions, repetition, figures });
    const load = `${target.name}, ${words}`;
    for (const reason of figures.invalidBecause) this.invalid(`${load}: ${reason}`);
    return result;
  }

  /**
   * The same, but a load that fails costs its figures, never the run: it is named, and its target
   * starts anew. A run that measures nothing else stops at once.
   *
   * @returns null when it failed
   */
  async measureOrName(
    target: Target,
    changes: Partial<LoadPlan>,
    conditions: Measurement['conditions'],
    repetition = 0,
  ): Promise<LoadFigures | null> {
    const { mode, stop, targets } = this.#context;
    try {
      return (await this.measure(target, changes, conditions, repetition)).figures;
    } catch (error) {
      if (!isEcholineError(error) || stop.aborted || mode === 'smoke') throw error;
      const words = conditionWords(conditions);
      this.invalid(`${target.name}, ${words}, repetition ${repetition} failed: ${error.message}`);
      await targets.restart(target);
      return null;
    }
  }

  /** Adds what a lossless pass over the clip means; its times do not count. */
  async meaningPass(target: Target, changes: Partial<LoadPlan>): Promise<void> {
    const { meaningFrames } = this.#context.scale;
    const lossless = { pace: 'closed', frames: meaningFrames, warmUpFrames: 0 } as const;
    const one = { streams: 1, displays: 1, stalledDisplays: 0, streamName: 'meaning' } as const;
    const plan = this.#plan({ ...changes, ...lossless, ...one });
    const meaning = await meaningOnce(target, plan, this.#context.stop);
    if (meaning === null) this.invalid(`${target.name}: a lossless pass lost frames`);
    this.meaning(meaning ?? 'lossy');
  }

  meaning(hash: string): void {
    this.#meanings.push(hash);
  }

  figure(name: string, value: number, unit: string): void {
    this.#figures.push({ name, value, unit });
  }

  invalid(reason: string): void {
    this.#invalid.add(reason);
  }

  findings(): SuiteFindings {
    return {
      measurements: this.#measurements,
      figures: this.#figures,
      meaning: meaningOfAll(this.#meanings),
      invalidBecause: [...this.#invalid],
    };
  }

  #plan(changes: Partial<LoadPlan>): LoadPlan {
    const { frames, warmUpFrames, images, sizeMaxPx } = this.#context.scale;
    const plan = { ...PLAIN_PLAN, frames, warmUpFrames, ...changes };
    if (plan.clip.kind !== 'phantom') return plan;
    return { ...plan, clip: { ...limitClip(plan.clip, sizeMaxPx), images } };
  }
}

/** A phantom of no more than this on either side; null = as it is. */
export function limitClip(clip: PhantomClip, sizeMaxPx: number | null): PhantomClip {
  const limit = (px: number) => Math.min(px, sizeMaxPx ?? px);
  return { ...clip, widthPx: limit(clip.widthPx), heightPx: limit(clip.heightPx) };
}

/** A frame may expire where something else holds the machine up for a moment. */
const PASSES_MAX = 3;

/** null when every pass lost a frame. */
async function losslessPass(
  target: Target,
  plan: LoadPlan,
  stop: AbortSignal,
): Promise<string | null> {
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const { figures } = await runLoad(target, plan, stop);
    if (figures.meaning !== null) return figures.meaning;
  }
  return null;
}

const passes = new WeakMap<Target, Map<string, Promise<string | null>>>();

/** A target that did not change means the same: one pass a clip is enough for all suites. */
function meaningOnce(target: Target, plan: LoadPlan, stop: AbortSignal): Promise<string | null> {
  const known = passes.get(target) ?? new Map<string, Promise<string | null>>();
  passes.set(target, known);
  const key = JSON.stringify(plan);
  const pass = known.get(key) ?? losslessPass(target, plan, stop);
  known.set(key, pass);
  pass.catch(() => known.delete(key));
  return pass;
}
