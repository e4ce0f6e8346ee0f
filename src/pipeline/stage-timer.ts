import { NO_STAGE_MS, type StageMs } from '../domain/overlay.js';

/** Times the stages of one frame. A stage that did not run took no time. */
export interface StageTimer {
  /** Ends a stage; the next one starts now. */
  end(stage: keyof StageMs): void;
  read(): StageMs;
}

/** Starts timing. `readClockUs` is a monotonic clock. */
export function createStageTimer(readClockUs: () => number): StageTimer {
  const times: { -readonly [Stage in keyof StageMs]: StageMs[Stage] } = { ...NO_STAGE_MS };
  let sinceUs = readClockUs();
  return {
    end: (stage) => {
      const nowUs = readClockUs();
      times[stage] = (nowUs - sinceUs) / 1000;
      sinceUs = nowUs;
    },
    read: () => times,
  };
}
