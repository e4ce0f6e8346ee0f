import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../domain/assert.js';
import { readClockUs } from '../../../engine/read-clock.js';

/** Time a message needs to the main thread, about; a frame must not be early, so it is short. */
const WAKE_US = 20;

assert(parentPort !== null, 'the pacer runs as a worker thread');
const port = parentPort;
const { dueUs } = workerData as { readonly dueUs: Float64Array };
const never = new Int32Array(new SharedArrayBuffer(4));
let count = 0;
while (count < dueUs.length) {
  const waitUs = (dueUs[count] ?? 0) - WAKE_US - readClockUs();
  if (waitUs > 0) Atomics.wait(never, 0, 0, waitUs / 1000);
  const nowUs = readClockUs() + WAKE_US;
  while (count < dueUs.length && (dueUs[count] ?? 0) <= nowUs) count += 1;
  port.postMessage(count);
}
