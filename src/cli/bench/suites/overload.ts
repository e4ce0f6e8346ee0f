import type { LoadPlan } from '../load-plan.js';
import { type Suite, SuiteRecord } from './suite.js';

const TIMES = [1, 2, 4, 10];
const TIMES_OF_SMOKE = [2];
const FPS = 30;
/** More than any machine carries; 60 in smoke form, where nobody looks at the figures. */
const BEYOND_FPS = 1000;
/** Length of one load, s. */
const SECONDS = 5;
const SECONDS_OF_SMOKE = 0.2;

/**
 * One cart that offers up to ten times what the service can analyse, with the credits of the
 * protocol: how old is what a display shows?
 */
export const overload: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(1);
  const isSmoke = context.mode === 'smoke';
  const seconds = isSmoke ? SECONDS_OF_SMOKE : SECONDS;
  const at = (fps: number): Partial<LoadPlan> => ({
    fps,
    frames: Math.ceil(fps * seconds),
    warmUpFrames: Math.ceil(fps * 0.2 * seconds),
  });
  await record.meaningPass(target, {});
  await record.measure(target, at(FPS), { offered: 'unloaded', fps: FPS });
  const beyondFps = isSmoke ? 60 : BEYOND_FPS;
  const beyond = await record.measure(target, at(beyondFps), { offered: 'beyond', fps: beyondFps });
  const capacityFps = Math.max(1, beyond.figures.overlaysPerSecond);
  record.figure('capacity', capacityFps, 'frames/s');
  for (const times of isSmoke ? TIMES_OF_SMOKE : TIMES) {
    const fps = Math.max(1, Math.round(times * capacityFps));
    await record.measure(target, at(fps), { offered: `${times} ×`, fps });
  }
  return record.findings();
};
