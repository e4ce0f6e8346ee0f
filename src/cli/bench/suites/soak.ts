import { OWN_SERVICE, PLAIN_TARGET } from '../own-service.js';
import { median, trendOf } from '../statistics.js';
import { type Suite, SuiteRecord } from './suite.js';

/** Parts that are compared with one another; the first ones are warm-up. */
const CHUNKS = 20;
const WARM_UP_CHUNKS = 4;

/**
 * Many frames as fast as they are answered, through a fresh service: latency, memory and losses of
 * the parts must show no trend. Each part is a connection of its own.
 */
export const soak: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const isPatient = context.mode === 'smoke';
  const target = await OWN_SERVICE.start({ ...PLAIN_TARGET, isPatient }, context.stop);
  const frames = Math.ceil(context.scale.soakFrames / CHUNKS);
  const ages: number[] = [];
  const memory: number[] = [];
  let lost = 0;
  try {
    await record.meaningPass(target, {});
    for (let chunk = 0; chunk < (isPatient ? 2 : CHUNKS); chunk++) {
      const plan = { pace: 'closed', frames, warmUpFrames: 0 } as const;
      const { figures } = await record.measure(target, plan, { part: chunk, frames });
      lost += figures.due - figures.verdicts.ok;
      if (chunk < WARM_UP_CHUNKS) continue;
      ages.push(figures.dueToOverlayMs?.p50 ?? Number.NaN);
      memory.push(figures.targetMemoryBytesMax ?? Number.NaN);
    }
  } finally {
    await target.close();
  }
  record.figure('frames', context.scale.soakFrames, 'frames');
  record.figure('frames lost', lost, 'frames');
  record.figure('age trend z', trendOf(ages).z, 'z');
  record.figure('age trend', (100 * trendOf(ages).slope * ages.length) / median(ages), '%');
  record.figure('RSS change', (100 * changeOf(memory)) / median(memory), '%');
  return record.findings();
};

/** From the first fifth to the last fifth, by their medians. */
function changeOf(values: readonly number[]): number {
  const part = Math.max(1, Math.floor(values.length / 5));
  return median(values.slice(-part)) - median(values.slice(0, part));
}
