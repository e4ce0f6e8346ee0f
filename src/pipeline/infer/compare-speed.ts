import { median } from '../../domain/median.js';
import type { InferenceBackend } from './inference-backend.js';

/** Median time of one run of each of two backends. */
export interface Speeds {
  readonly aMs: number;
  readonly bMs: number;
}

/** Runs of each, and the time after which fewer have to do. */
const RUNS_MAX = 31;
const RUNS_MIN = 5;
const BUDGET_US = 350_000;
/** After so many runs of each a difference this clear is believed: 1.5 times as fast. */
const CLEAR_RUNS = 7;
const CLEAR_RATIO = 1.5;

/** Times of runs, µs, of as many of each. */
export interface RunTimesUs {
  readonly ofA: readonly number[];
  readonly ofB: readonly number[];
}

/**
 * Runs two backends by turns, so that a busy moment of the machine hits both.
 *
 * @param readClockUs - a monotonic clock, µs
 * @param isEnough - asked before each pair of runs
 * @throws EcholineError ECHOLINE_INFERENCE_FAILED
 */
export async function runByTurns(
  a: Pick<InferenceBackend, 'run'>,
  b: Pick<InferenceBackend, 'run'>,
  readClockUs: () => number,
  isEnough: (times: RunTimesUs, nowUs: number) => boolean,
): Promise<RunTimesUs> {
  const ofA: number[] = [];
  const ofB: number[] = [];
  for (;;) {
    const beforeUs = readClockUs();
    if (isEnough({ ofA, ofB }, beforeUs)) return { ofA, ofB };
    await a.run();
    const betweenUs = readClockUs();
    await b.run();
    ofA.push(betweenUs - beforeUs);
    ofB.push(readClockUs() - betweenUs);
  }
}

/**
 * Compares the medians of two backends that run by turns, so that a single slow run does not count.
 * Ends early where one is clearly faster.
 *
 * @param readClockUs - a monotonic clock, µs
 * @throws EcholineError ECHOLINE_INFERENCE_FAILED
 */
export async function compareSpeed(
  a: Pick<InferenceBackend, 'run'>,
  b: Pick<InferenceBackend, 'run'>,
  readClockUs: () => number,
): Promise<Speeds> {
  const startUs = readClockUs();
  const { ofA, ofB } = await runByTurns(a, b, readClockUs, (times, nowUs) => {
    const runs = times.ofA.length;
    if (runs >= RUNS_MAX || (runs >= RUNS_MIN && nowUs - startUs > BUDGET_US)) return true;
    return runs === CLEAR_RUNS && isClear(median(times.ofA), median(times.ofB));
  });
  return { aMs: median(ofA) / 1000, bMs: median(ofB) / 1000 };
}

function isClear(aUs: number, bUs: number): boolean {
  return Math.max(aUs, bUs) >= CLEAR_RATIO * Math.min(aUs, bUs);
}
