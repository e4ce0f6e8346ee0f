import { availableParallelism } from 'node:os';
import type { LoadFigures } from '../load-figures.js';
import { PLAIN_TARGET } from '../own-service.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

const FPS = 30;
/** What a count of streams must keep to be carried. */
const P99_MAX_MS = 33;
const LEFT_OUT_MAX = 0.01;
const COUNTS = [1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32];
const COUNTS_OF_QUICK = [2, 4, 8, 10, 12, 16, 24];
const COUNTS_OF_SMOKE = [2];
/** Short of what a row has: the ladder has many steps. */
const FRAMES_MAX = 300;
/** Runs of the network for its CPU time. */
const RAW_RUNS = 500;

/** How many carts at 30 frames/s before p99 passes 33 ms, or 1 % of frames are left out. */
export const streams: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(availableParallelism());
  await record.meaningPass(target, {});
  const counts = { smoke: COUNTS_OF_SMOKE, quick: COUNTS_OF_QUICK, full: COUNTS }[context.mode];
  const frames = Math.min(FRAMES_MAX, context.scale.frames);
  let carried = 0;
  let cpuSeconds: number | null = null;
  for (const count of counts) {
    const conditions = { streams: count, fps: FPS };
    const { figures } = await record.measure(target, { streams: count, frames }, conditions);
    if (!isCarried(figures) && context.mode !== 'smoke') break;
    if (isCarried(figures)) carried = count;
    cpuSeconds = figures.targetCpuSecondsPerFrame ?? cpuSeconds;
  }
  record.figure('streams carried', carried, 'streams');
  if (cpuSeconds !== null) record.figure('CPU per frame', cpuSeconds * 1000, 'ms');
  await addRawCpu(context, record);
  return record.findings();
};

/** Whether p99 and the share of frames that were left out are what the table asks for. */
export function isCarried(figures: LoadFigures): boolean {
  const { due, verdicts, dueToOverlayMs } = figures;
  const leftOut = due - verdicts.ok;
  return (
    dueToOverlayMs !== null && dueToOverlayMs.p99 <= P99_MAX_MS && leftOut < LEFT_OUT_MAX * due
  );
}

async function addRawCpu(context: SuiteContext, record: SuiteRecord): Promise<void> {
  const { floors, mode } = context;
  if (floors === null || mode === 'smoke') return;
  const { intraOpThreads, modelDirectory, precision } = PLAIN_TARGET;
  const run = await floors.rawRun({
    pacedHz: null,
    runs: RAW_RUNS,
    intraOpThreads,
    modelDirectory,
    precision,
  });
  record.figure('raw run() CPU', run.cpuSecondsPerRun * 1000, 'ms');
}
