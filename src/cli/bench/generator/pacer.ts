import { Worker } from 'node:worker_threads';
import { readClockUs } from '../../../engine/read-clock.js';

/** Calls back when the next due time has come. */
export interface Pacer {
  /** Resolves when every due time has passed. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/** How much earlier the thread that sends is woken, µs: two threads have to wake. */
const LEAD_MAX_US = 300;
/** Of the time between due times: more would take from the target what it is measured with. */
const LEAD_SHARE_MAX = 0.1;

/**
 * Sleeps in a thread of its own until shortly before each due time, and spins here for the rest, so
 * that a frame is sent neither early nor as late as a wake-up takes. Node's timers are whole
 * milliseconds; a futex takes fractions, and leaves this thread's event loop free.
 *
 * @param dueUs - rising, on the clock of `readClockUs`
 * @param onDue - called with how many due times have passed so far, for each one by itself
 */
export function startPacer(dueUs: Float64Array, onDue: (count: number) => void): Pacer {
  const leadUs = leadUsOf(dueUs);
  const worker = new Worker(new URL('./pacer-thread.js', import.meta.url), {
    workerData: { dueUs, leadUs },
  });
  let passed = 0;
  const done = new Promise<void>((resolve, reject) => {
    worker.on('message', (count: number) => {
      while (passed < count) {
        while (readClockUs() < (dueUs[passed] ?? 0)) {
          // At most the lead: letting the event loop turn would overshoot.
        }
        passed += 1;
        onDue(passed);
      }
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  return {
    done,
    async close() {
      await worker.terminate();
    },
  };
}

/** A tenth of the mean time between due times, at most `LEAD_MAX_US`. */
export function leadUsOf(dueUs: Float64Array): number {
  const spanUs = (dueUs.at(-1) ?? 0) - (dueUs[0] ?? 0);
  return Math.min(LEAD_MAX_US, (LEAD_SHARE_MAX * spanUs) / Math.max(1, dueUs.length - 1));
}
