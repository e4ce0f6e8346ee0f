import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../domain/assert.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { preferThread } from './prefer-thread.js';

assert(parentPort !== null, 'the pacer runs as a worker thread');
const port = parentPort;
const { dueUs, leadUs } = workerData as { readonly dueUs: Float64Array; readonly leadUs: number };
preferThread();
const never = new Int32Array(new SharedArrayBuffer(4));
let count = 0;
while (count < dueUs.length) {
  const waitUs = (dueUs[count] ?? 0) - leadUs - readClockUs();
  if (waitUs > 0) Atomics.wait(never, 0, 0, waitUs / 1000);
  const nowUs = readClockUs() + leadUs;
  while (count < dueUs.length && (dueUs[count] ?? 0) <= nowUs) count += 1;
  port.postMessage(count);
}
