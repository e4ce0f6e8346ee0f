import { type Suite, SuiteRecord } from './suite.js';

/** Displays of one stream, and how many of them take nothing. */
export const DISPLAY_CASES = [
  { displays: 1, stalled: 0 },
  { displays: 10, stalled: 1 },
  { displays: 100, stalled: 1 },
];
const MIDDLE = 10;
export const MIDDLE_FRAMES_MAX = 150;
const CASES_OF_SMOKE = [{ displays: 3, stalled: 1 }];

/** Fan-out: what many displays, one of them stalled, cost the first. */
export const displays: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(1);
  await record.meaningPass(target, {});
  const cases = context.mode === 'smoke' ? CASES_OF_SMOKE : DISPLAY_CASES;
  const { repetitions } = context.scale;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const { displays: count, stalled } of cases) {
      // The row of the table compares the fewest with the most; the middle is measured once.
      const isMiddle = count === MIDDLE;
      if (repetition > 0 && isMiddle) continue;
      const frames = Math.min(context.scale.frames, isMiddle ? MIDDLE_FRAMES_MAX : Infinity);
      const plan = { displays: count, stalledDisplays: stalled, frames };
      await record.measureOrName(target, plan, { displays: count, stalled }, repetition);
    }
  }
  return record.findings();
};
