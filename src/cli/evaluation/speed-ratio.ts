import { median } from '../../domain/median.js';
import type { LoadedModel } from '../../pipeline/infer/load-model.js';
import { createOrtBackend } from '../../pipeline/infer/ort-backend.js';
import { percentile } from '../percentiles.js';

/** The time of one network against another's, both in int8 on one thread, by turns. */
export interface SpeedRatio {
  /** Of each network. */
  readonly runs: number;
  readonly modelMs: RunTimes;
  readonly yardstickMs: RunTimes;
  /** Model by yardstick, of the 10th percentiles: other work on the machine is in the medians. */
  readonly ratio: number;
}

/** Milliseconds of one run. */
export interface RunTimes {
  readonly p10: number;
  readonly median: number;
}

const RUNS = 200;
const WARM_UP_RUNS = 10;

/**
 * Times two networks by turns, so that a busy machine slows them alike. The networks alone: nothing
 * is decoded, prepared or read out. Dense convolutions take as long whatever the frame is.
 *
 * @param readClockUs - a monotonic clock, µs
 * @param stop - ends the runs early, after ten at least
 * @throws EcholineError ECHOLINE_MODEL_RUNTIME_MISSING, ECHOLINE_MODEL_CONTRACT_MISMATCH,
 * ECHOLINE_INFERENCE_FAILED
 */
export async function measureSpeedRatio(
  models: { readonly model: LoadedModel; readonly yardstick: LoadedModel },
  readClockUs: () => number,
  stop: AbortSignal,
): Promise<SpeedRatio> {
  const options = {
    executionProvider: 'cpu',
    intraOpThreads: 1,
    warmUpRuns: WARM_UP_RUNS,
  } as const;
  const ofModel: number[] = [];
  const ofYardstick: number[] = [];
  const model = await createOrtBackend({ ...options, model: models.model });
  try {
    const yardstick = await createOrtBackend({ ...options, model: models.yardstick });
    try {
      while (ofModel.length < RUNS && !(stop.aborted && ofModel.length >= 10)) {
        const startUs = readClockUs();
        await model.run();
        const betweenUs = readClockUs();
        await yardstick.run();
        ofModel.push((betweenUs - startUs) / 1000);
        ofYardstick.push((readClockUs() - betweenUs) / 1000);
      }
    } finally {
      await yardstick.close();
    }
  } finally {
    await model.close();
  }
  const modelMs = runTimes(ofModel);
  const yardstickMs = runTimes(ofYardstick);
  const ratio = Number((modelMs.p10 / yardstickMs.p10).toFixed(3));
  return { runs: ofModel.length, modelMs, yardstickMs, ratio };
}

function runTimes(ms: readonly number[]): RunTimes {
  const p10 = percentile(ms, 10) ?? Number.NaN;
  return { p10: Number(p10.toFixed(3)), median: Number(median(ms).toFixed(3)) };
}
