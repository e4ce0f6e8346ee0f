import { availableParallelism } from 'node:os';
import { median } from '../../../domain/median.js';
import type { LoadFigures } from '../load-figures.js';
import { PLAIN_TARGET } from '../own-service.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

const FPS = 30;
/** What a count of streams must keep to be carried. */
const P99_MAX_MS = 33;
const LEFT_OUT_MAX = 0.01;
/** How many carts are tried, in this order, until one count is not carried. */
export const STREAM_COUNTS = {
  smoke: [2],
  quick: [2, 4, 8, 10, 12, 16, 24],
  full: [1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32],
} as const;
/** A step lasts at least so many frames of each cart, and so many of all of them. */
const STREAM_FRAMES_MIN = 150;
const STEP_FRAMES_MIN = 600;
/** Runs of the network for its CPU time, beside each repetition. */
export const RAW_RUNS = 500;

/**
 * How many carts at 30 frames/s before p99 passes 33 ms, or 1 % of frames are left out. A ladder
 * finds the count; repetitions confirm it or step down. CPU per frame is that of this count.
 */
export const streams: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(availableParallelism());
  await record.meaningPass(target, {});
  const load = async (count: number, repetition: number) => {
    const frames = streamFrames(count, context.scale.frames);
    const conditions = { streams: count, fps: FPS };
    return record.measureOrName(target, { streams: count, frames }, conditions, repetition);
  };
  const climbed: Step[] = [];
  for (const count of STREAM_COUNTS[context.mode]) {
    const figures = await load(count, 0);
    if (figures === null) break;
    climbed.push({ count, figures: [figures] });
    if (!isCarried(figures) && context.mode !== 'smoke') break;
  }
  const rawCpuMs: number[] = [];
  const confirmed = await confirm(climbed, async (step) => {
    for (let repetition = 0; repetition < context.scale.repetitions; repetition++) {
      const figures = repetition > 0 ? await load(step.count, repetition) : null;
      if (figures !== null) step.figures.push(figures);
      rawCpuMs.push(...(await measureRawCpuMs(context)));
    }
  });
  record.figure('streams carried', confirmed?.count ?? 0, 'streams');
  // Where no count is carried, the fewest streams still say what a frame costs.
  const { count, figures } = confirmed ?? climbed[0] ?? { count: 0, figures: [] };
  const cpuMs = figures.flatMap(({ targetCpuSecondsPerFrame: seconds }) =>
    seconds === null ? [] : [1000 * seconds],
  );
  if (cpuMs.length > 0) record.figure('CPU per frame', median(cpuMs), 'ms');
  record.figure('CPU per frame is at', count, 'streams');
  if (rawCpuMs.length === 0) rawCpuMs.push(...(await measureRawCpuMs(context)));
  if (rawCpuMs.length > 0) record.figure('raw run() CPU', median(rawCpuMs), 'ms');
  return record.findings();
};

/** Frames of each cart in one step: 5 repetitions have at least 3,000, however few carts. */
export function streamFrames(streams: number, framesMax: number): number {
  return Math.min(framesMax, Math.max(STREAM_FRAMES_MIN, Math.ceil(STEP_FRAMES_MIN / streams)));
}

/** A count of streams and its repetitions. */
interface Step {
  readonly count: number;
  readonly figures: LoadFigures[];
}

/** The highest step that is carried in the median of its repetitions; null for none. */
async function confirm(
  climbed: readonly Step[],
  repeat: (step: Step) => Promise<void>,
): Promise<Step | null> {
  for (const step of climbed.toReversed()) {
    if (!step.figures.every(isCarried)) continue;
    await repeat(step);
    if (isCarriedInAll(step.figures)) return step;
  }
  return null;
}

/** Whether p99 and the share of frames that were left out are what the table asks for. */
export function isCarried(figures: LoadFigures): boolean {
  return isCarriedInAll([figures]);
}

/** The same of repetitions: p99 by their median, frames left out by their sum. */
export function isCarriedInAll(repetitions: readonly LoadFigures[]): boolean {
  const sum = (read: (figures: LoadFigures) => number) =>
    repetitions.reduce((total, figures) => total + read(figures), 0);
  const p99 = median(
    repetitions.map(({ dueToOverlayMs }) => dueToOverlayMs?.p99 ?? Number.POSITIVE_INFINITY),
  );
  const leftOut = sum(({ due, verdicts }) => due - verdicts.ok);
  return p99 <= P99_MAX_MS && leftOut < LEFT_OUT_MAX * sum(({ due }) => due);
}

/** CPU time of one `run()` back to back; nothing where floors are not measured. */
async function measureRawCpuMs({ floors, mode }: SuiteContext): Promise<readonly number[]> {
  if (floors === null) return [];
  const { intraOpThreads, modelDirectory, precision } = PLAIN_TARGET;
  const network = { intraOpThreads, modelDirectory, precision };
  const runs = mode === 'smoke' ? 5 : RAW_RUNS;
  const { cpuSecondsPerRun } = await floors.rawRun({ pacedHz: null, runs, ...network });
  return [1000 * cpuSecondsPerRun];
}
