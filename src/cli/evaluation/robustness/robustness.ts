import type { Pipeline } from '../../../pipeline/pipeline.js';
import { rounded } from '../../percentiles.js';
import { differenceStatistic } from '../block-statistic.js';
import { bootstrapInterval, type Interval, seededRandom } from '../bootstrap.js';
import { type EvaluationOptions, ModeTally, scoreSequence } from '../evaluate.js';
import type { EvaluationFrame, EvaluationSequence } from '../evaluation-frame.js';
import { METRICS } from '../metrics.js';
import { GEOMETRY_PERTURBATIONS } from './geometry-perturbations.js';
import { GRAY_PERTURBATIONS } from './gray-perturbations.js';
import type { Perturbation } from './perturbation.js';
import { STREAM_PERTURBATIONS } from './stream-perturbations.js';

/** What one perturbation did, against the same clips without it. */
export interface RobustnessRow {
  readonly name: string;
  readonly frames: number;
  readonly recallAt2mm: number | null;
  /** Recall lost, as a share (0.05 is five points); null without visible tips. */
  readonly recallDrop: number | null;
  readonly recallDropInterval: Interval | null;
  readonly falseTipRate: number | null;
  /** Against the untouched clips, or against 1 % where those have fewer false tips than that. */
  readonly falseTipRatio: number | null;
  readonly acquisitionMsMedian: number | null;
}

/** The table of the robustness suite. The first row is the untouched run. */
export interface RobustnessReport {
  readonly rows: readonly RobustnessRow[];
}

const UNTOUCHED: Perturbation = { name: 'untouched', apply: (frames) => frames };

export const PERTURBATIONS: readonly Perturbation[] = [
  ...GRAY_PERTURBATIONS,
  ...GEOMETRY_PERTURBATIONS,
  ...STREAM_PERTURBATIONS,
];

/** A ratio to fewer false tips than the bar asks for would be a ratio of accidents. */
const FALSE_TIP_FLOOR = 0.01;

/** Clips whose figures the suite is about: all others have neither recall nor false tips. */
const WANTED = [
  'needle: in-plane-visible-tip',
  'needle: in-plane-partial-shaft',
  'needle: needle-free',
];

/**
 * Runs each clip through the tracker as it is and under every perturbation, seeded by the clip's
 * number. Structures are not compared.
 */
export async function evaluateRobustness(
  pipeline: Pipeline,
  sequences: Iterable<EvaluationSequence>,
  options: Omit<EvaluationOptions, 'modes' | 'hasStructures'>,
): Promise<RobustnessReport> {
  const runs = [UNTOUCHED, ...PERTURBATIONS].map((perturbation, index) => ({
    perturbation,
    index,
    tally: new ModeTally('tracked'),
    wholeClips: 0,
  }));
  let frames = 0;
  const scoring = { ...options, hasStructures: false, onFrame: () => options.onFrame(++frames) };
  let number = 0;
  for (const sequence of sequences) {
    number += 1;
    if (!sequence.strata.some((name) => WANTED.includes(name))) continue;
    const rendered: EvaluationFrame[] = [];
    for await (const frame of sequence.frames()) rendered.push(frame);
    for (const run of runs) {
      const { perturbation, index, tally } = run;
      const sent = await perturbation.apply(rendered, seededRandom(number * 1000 + index));
      const perturbed: EvaluationSequence = {
        ...sequence,
        async *frames() {
          yield* sent;
        },
      };
      await scoreSequence(pipeline, perturbed, number, [tally], scoring);
      if (options.stop.aborted) break;
      run.wholeClips += 1;
    }
    if (options.stop.aborted) break;
  }
  const [untouched] = runs;
  if (untouched === undefined || !untouched.tally.hasFrames) return { rows: [] };
  // After a stop some lack a clip, or part of one, and would be compared with more than their own.
  const complete = runs.filter(({ wholeClips }) => wholeClips === untouched.wholeClips);
  return {
    rows: complete.map(({ perturbation, tally }) =>
      rowOf(perturbation.name, tally, untouched.tally, options.bootstrap),
    ),
  };
}

function rowOf(
  name: string,
  tally: ModeTally,
  untouched: ModeTally,
  bootstrap: EvaluationOptions['bootstrap'],
): RobustnessRow {
  const now = tally.headline.samples();
  const before = untouched.headline.samples();
  const drop = differenceStatistic(METRICS.recallAt2mm(before), METRICS.recallAt2mm(now));
  const every = { length: 1 + Math.max(0, ...drop.blocks) };
  const recallDrop = drop.valueAt(Array.from(every, () => 1));
  const figures = tally.headline.figures(null);
  const falseBefore = untouched.headline.figures(null).falseTipRate;
  const falseNow = figures.falseTipRate;
  return {
    name,
    frames: figures.frames,
    recallAt2mm: figures.recallAt2mm,
    recallDrop: rounded(recallDrop, 4),
    recallDropInterval:
      bootstrap && tally !== untouched ? bootstrapInterval(drop, bootstrap) : null,
    falseTipRate: falseNow,
    falseTipRatio:
      falseBefore === null || falseNow === null
        ? null
        : rounded(falseNow / Math.max(falseBefore, FALSE_TIP_FLOOR), 2),
    acquisitionMsMedian: figures.acquisitionMs.median,
  };
}
