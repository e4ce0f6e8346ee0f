import type { LoadPlan } from '../load-plan.js';
import { type Suite, SuiteRecord } from './suite.js';

const TIMES = [1, 2, 4, 10];
const TIMES_OF_SMOKE = [2];
const FPS = 30;

/**
 * One cart that offers up to ten times what the service can analyse, with the credits of the
 * protocol: how old is what a display shows?
 */
export const overload: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(1);
  const isSmoke = context.mode === 'smoke';
  const { overloadSeconds: seconds } = context.scale;
  const at = (fps: number): Partial<LoadPlan> => ({
    fps,
    frames: Math.ceil(fps * seconds),
    warmUpFrames: Math.ceil(fps * 0.2 * seconds),
  });
  await record.meaningPass(target, {});
  // One frame after the other leaves the engine idle in between; twice as many fill the gaps.
  const closed = await record.measureOrName(target, { pace: 'closed' }, { offered: 'one by one' });
  const oneByOne = closed?.overlaysPerSecond ?? FPS;
  const fillFps = Math.max(1, Math.ceil(2 * oneByOne));
  const filling = { offered: 'filled', fps: fillFps };
  const filled = isSmoke ? null : await record.measureOrName(target, at(fillFps), filling);
  const capacityFps = Math.max(1, oneByOne, filled?.overlaysPerSecond ?? 0);
  record.figure('capacity', capacityFps, 'frames/s');
  for (let repetition = 0; repetition < context.scale.repetitions; repetition++) {
    // What the row of the table divides by: as many frames as any other row has.
    await record.measureOrName(target, { fps: FPS }, { offered: 'unloaded', fps: FPS }, repetition);
    for (const times of isSmoke ? TIMES_OF_SMOKE : TIMES) {
      // The row compares both ends; the curve between them is measured once.
      if (repetition > 0 && times !== TIMES.at(-1)) continue;
      const fps = Math.max(1, Math.round(times * capacityFps));
      await record.measureOrName(target, at(fps), { offered: `${times} ×`, fps }, repetition);
    }
  }
  return record.findings();
};
