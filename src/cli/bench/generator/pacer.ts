import { Worker } from 'node:worker_threads';

/** Calls back when the next due time has come. */
export interface Pacer {
  /** Resolves when every due time has passed. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/**
 * Sleeps in a thread of its own until each due time. Node's timers are whole milliseconds; a futex
 * is exact to some tens of µs, costs no CPU (unlike a spin) and leaves this thread's event loop
 * free to receive.
 *
 * @param dueUs - rising, on the clock of `readClockUs`
 * @param onDue - called with how many due times have passed so far
 */
export function startPacer(dueUs: Float64Array, onDue: (count: number) => void): Pacer {
  const worker = new Worker(new URL('./pacer-thread.js', import.meta.url), {
    workerData: { dueUs },
  });
  const done = new Promise<void>((resolve, reject) => {
    worker.on('message', onDue);
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
