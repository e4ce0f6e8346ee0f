import { availableParallelism } from 'node:os';
import { median } from '../../../domain/median.js';
import { OWN_SERVICE, PLAIN_TARGET } from '../own-service.js';
import { trendOf } from '../statistics.js';
import type { Target } from '../target.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** Parts that are compared with one another; the first ones are warm-up. */
export const CHUNKS = 20;
const WARM_UP_CHUNKS = 4;

/** Carts, each of which waits for its own answers only: together they leave no core idle. */
const STREAMS = 2;

/**
 * Many frames as fast as they are answered, through a fresh service: latency, memory and losses of
 * the parts must show no trend. Each part is connections of its own.
 */
export const soak: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const isPatient = context.mode === 'smoke';
  const target = isPatient ? await context.targets.own(1) : await startFresh(context);
  const frames = Math.ceil(context.scale.soakFrames / CHUNKS / STREAMS);
  const ages: number[] = [];
  const memory: number[] = [];
  let lost = 0;
  try {
    await record.meaningPass(target, {});
    for (let chunk = 0; chunk < (isPatient ? 1 : CHUNKS); chunk++) {
      const plan = { pace: 'closed', streams: STREAMS, frames, warmUpFrames: 0 } as const;
      const conditions = { part: chunk, frames: STREAMS * frames };
      const figures = await record.measureOrName(target, plan, conditions);
      // What comes after a service that failed would be another soak.
      if (figures === null) break;
      lost += figures.due - figures.verdicts.ok;
      if (chunk < WARM_UP_CHUNKS) continue;
      ages.push(figures.dueToOverlayMs?.p50 ?? Number.NaN);
      memory.push(figures.targetMemoryBytesMax ?? Number.NaN);
    }
  } finally {
    if (!isPatient) await target.close();
  }
  record.figure('frames', context.scale.soakFrames, 'frames');
  record.figure('frames lost', lost, 'frames');
  const trend = trendOf(ages);
  record.figure('age trend z', trend.z, 'z');
  record.figure('age trend', (100 * trend.slope * ages.length) / median(ages), '%');
  record.figure('RSS change', (100 * changeOf(memory)) / median(memory), '%');
  return record.findings();
};

function startFresh({ stop }: SuiteContext): Promise<Target> {
  const options = { ...PLAIN_TARGET, streams: STREAMS, workers: availableParallelism() };
  return OWN_SERVICE.start(options, stop);
}

/** From the first fifth to the last fifth, by their medians. */
function changeOf(values: readonly number[]): number {
  const part = Math.max(1, Math.floor(values.length / 5));
  return median(values.slice(-part)) - median(values.slice(0, part));
}
