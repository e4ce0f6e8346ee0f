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

/**
 * Times two backends by turns, so that a busy moment of the machine hits both, and compares their
 * medians, so that a single slow run does not count. Ends early where one is clearly faster.
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
  const ofA: number[] = [];
  const ofB: number[] = [];
  for (let run = 0; run < RUNS_MAX; run++) {
    const beforeUs = readClockUs();
    if (run >= RUNS_MIN && beforeUs - startUs > BUDGET_US) break;
    if (run === CLEAR_RUNS && isClear(median(ofA), median(ofB))) break;
    await a.run();
    const betweenUs = readClockUs();
    await b.run();
    ofA.push(betweenUs - beforeUs);
    ofB.push(readClockUs() - betweenUs);
  }
  return { aMs: median(ofA) / 1000, bMs: median(ofB) / 1000 };
}

function isClear(aUs: number, bUs: number): boolean {
  return Math.max(aUs, bUs) >= CLEAR_RATIO * Math.min(aUs, bUs);
}
