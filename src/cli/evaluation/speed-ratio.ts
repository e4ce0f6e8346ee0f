import { median } from '../../domain/median.js';
import { runByTurns } from '../../pipeline/infer/compare-speed.js';
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
const RUNS_MIN = 10;
const OPTIONS = { executionProvider: 'cpu', intraOpThreads: 1, warmUpRuns: 10 } as const;

/**
 * Times two networks by turns. The networks alone: nothing is decoded, prepared or read out. Dense
 * convolutions take as long whatever the frame is.
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
  const model = await createOrtBackend({ ...OPTIONS, model: models.model });
  try {
    const yardstick = await createOrtBackend({ ...OPTIONS, model: models.yardstick });
    try {
      const { ofA, ofB } = await runByTurns(model, yardstick, readClockUs, (times) => {
        const runs = times.ofA.length;
        return runs >= RUNS || (stop.aborted && runs >= RUNS_MIN);
      });
      const modelMs = runTimes(ofA);
      const yardstickMs = runTimes(ofB);
      const ratio = Number((modelMs.p10 / yardstickMs.p10).toFixed(3));
      return { runs: ofA.length, modelMs, yardstickMs, ratio };
    } finally {
      await yardstick.close();
    }
  } finally {
    await model.close();
  }
}

function runTimes(us: readonly number[]): RunTimes {
  const p10 = (percentile(us, 10) ?? Number.NaN) / 1000;
  return { p10: Number(p10.toFixed(3)), median: Number((median(us) / 1000).toFixed(3)) };
}
