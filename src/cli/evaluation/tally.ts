import { rounded } from '../percentiles.js';
import { type BlockStatistic, type ReliabilityBin, reliabilityBins } from './block-statistic.js';
import { type BootstrapOptions, bootstrapInterval, type Interval } from './bootstrap.js';
import { clipEvents } from './clip-events.js';
import {
  CLASS_METRICS,
  type ClassMetricName,
  CURVE_END_MM,
  classParts,
  METRICS,
  type MetricName,
  presenceClaims,
  type Sample,
  type Samples,
  tipClaims,
} from './metrics.js';
import type { FrameScore } from './score-frame.js';

/** Median and 95th percentile of a sample; null when it is empty, or when it never came about. */
export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
}

type SpreadName<Name> = Name extends `${infer Stem}.median` ? Stem : never;
type PlainName<Name> = Name extends `${string}.${string}` ? never : Name;

/** What every metric came to; a share or error without any frame to be about is null. */
type MetricValues = { readonly [Name in SpreadName<MetricName>]: Spread } & {
  readonly [Name in PlainName<MetricName>]: number | null;
} & {
  /** Per class; only classes that the labels know. */
  readonly [Name in ClassMetricName]: Readonly<Record<string, number | null>>;
};

/** Figures over a set of frames; `docs/evaluation.md` defines each. */
export interface Figures extends MetricValues {
  readonly frames: number;
  /** What intervals are made over: clips, or groups of near-duplicate stills. */
  readonly blocks: number;
  readonly framesVisibleTip: number;
  readonly framesHiddenTip: number;
  readonly framesNeedleFree: number;
  /** Frames that the pipeline refused. They count as frames on which nothing was found. */
  readonly framesInvalid: number;
  /** Tips stated on frames whose true tip can be seen: what errors and coverage are about. */
  readonly tipsStated: number;
  /** 95 % intervals, by the name of the figure: `recallAt2mm`, `tipErrorMm.p95`, `dice.nerve`. */
  readonly intervals: Readonly<Record<string, Interval | null>>;
}

/** Recall as a function of the distance that counts as found, mm. */
export interface RecallCurve {
  readonly distanceMm: readonly number[];
  readonly recall: readonly number[];
}

/** What diagrams are drawn from. */
export interface Diagrams {
  /** null without frames whose tip can be seen and whose spacing is known. */
  readonly recallCurve: RecallCurve | null;
  readonly presenceReliability: readonly ReliabilityBin[];
  readonly tipReliability: readonly ReliabilityBin[];
}

const DIGITS = 4;
const CURVE_STEP_MM = 0.125;

/** Collects scores of frames and turns them into figures. */
export class Tally {
  #invalid = 0;
  readonly #frames: Sample[] = [];
  readonly #blocks = new Map<string, number>();
  /** Scores of each clip, in order of time. */
  readonly #clips = new Map<number, { readonly block: number; readonly scores: FrameScore[] }>();
  #samples: Samples | null = null;

  /**
   * Adds one frame.
   *
   * @param block - name of what it is drawn with; null: a block of its own
   * @param clip - number of the clip that it belongs to, whose frames come in order of time; null
   *   for a still, which has neither past nor future
   */
  add(score: FrameScore, isInvalid: boolean, block: string | null, clip: number | null): void {
    this.#samples = null;
    if (isInvalid) this.#invalid += 1;
    const name = block ?? `frame ${this.#frames.length}`;
    const number = this.#blocks.get(name) ?? this.#blocks.size;
    this.#blocks.set(name, number);
    if (clip !== null) this.#follow(score, number, clip);
    this.#frames.push({ block: number, score });
  }

  /** Adds a frame to its clip. */
  #follow(score: FrameScore, block: number, number: number): void {
    const clip = this.#clips.get(number) ?? { block, scores: [] };
    this.#clips.set(number, clip);
    clip.scores.push(score);
  }

  /** The figures with their intervals; `bootstrap` null leaves the intervals out. */
  figures(bootstrap: BootstrapOptions | null): Figures {
    const samples = this.samples();
    const count = (kind: FrameScore['needle']) =>
      samples.frames.filter(({ score }) => score.needle === kind).length;
    const weights = new Uint8Array(this.#blocks.size).fill(1);
    const intervals: Record<string, Interval | null> = {};
    const read = (name: string, statistic: BlockStatistic): number | null => {
      const value = statistic.valueAt(weights);
      if (bootstrap !== null && value !== null) {
        intervals[name] = roundedInterval(bootstrapInterval(statistic, bootstrap));
      }
      return rounded(value, name.includes('.p95') || name.includes('.median') ? 3 : DIGITS);
    };
    const values: Record<string, unknown> = {};
    for (const [name, build] of Object.entries(METRICS)) {
      const [stem = name, part] = name.split('.');
      const value = read(name, build(samples));
      values[stem] = part === undefined ? value : { ...(values[stem] ?? {}), [part]: value };
    }
    for (const [name, build] of Object.entries(CLASS_METRICS)) {
      const byClass: Record<string, number | null> = {};
      for (const [structure, parts] of classParts(samples.frames)) {
        byClass[structure] = read(`${name}.${structure}`, build(parts));
      }
      values[name] = byClass;
    }
    return {
      frames: samples.frames.length,
      blocks: this.#blocks.size,
      framesVisibleTip: count('visible'),
      framesHiddenTip: count('hidden'),
      framesNeedleFree: count('none'),
      framesInvalid: this.#invalid,
      tipsStated: samples.frames.filter(({ score }) => score.tipErrorPx !== null).length,
      ...(values as unknown as MetricValues),
      intervals,
    };
  }

  /** Recall curve and reliability diagrams. */
  diagrams(): Diagrams {
    const samples = this.samples();
    return {
      recallCurve: recallCurve(samples.frames.map(({ score }) => score)),
      presenceReliability: reliabilityBins(presenceClaims(samples)),
      tipReliability: reliabilityBins(tipClaims(samples)),
    };
  }

  /** What metrics are made from. */
  samples(): Samples {
    this.#samples ??= {
      frames: this.#frames,
      clips: [...this.#clips.values()].map(({ block, scores }) => ({
        block,
        events: clipEvents(scores),
      })),
    };
    return this.#samples;
  }
}

function roundedInterval(interval: Interval | null): Interval | null {
  if (interval === null) return null;
  const { low, high } = interval;
  return { low: rounded(low, DIGITS) ?? low, high: rounded(high, DIGITS) ?? high };
}

function recallCurve(scores: readonly FrameScore[]): RecallCurve | null {
  const visible = scores.filter(({ needle, hasSpacing }) => needle === 'visible' && hasSpacing);
  if (visible.length === 0) return null;
  const steps = Math.round(CURVE_END_MM / CURVE_STEP_MM);
  const distanceMm = Array.from({ length: steps + 1 }, (_, step) => step * CURVE_STEP_MM);
  const recall = distanceMm.map((limit) => {
    const found = visible.filter(({ tipErrorMm }) => tipErrorMm !== null && tipErrorMm <= limit);
    return rounded(found.length / visible.length, DIGITS) ?? 0;
  });
  return { distanceMm, recall };
}
