import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../domain/assert.js';
import {
  createProcedureClip,
  type ProcedureClipOptions,
} from '../../../phantom/procedure/procedure-clip.js';
import type { RenderedProcedure } from './rendered-procedure.js';

/**
 * Renders a scripted procedure off the main thread (pure TypeScript, so a worker thread is enough):
 * first what is true of its course, then a frame for each message that asks for one.
 */
assert(parentPort !== null, 'the render worker runs as a worker thread');
const port = parentPort;
const clip = createProcedureClip(workerData as ProcedureClipOptions);
const { probeGeometry, frameCount, side, passes, redirections, events } = clip;
const course: RenderedProcedure['course'] = {
  probeGeometry,
  frameCount,
  side,
  passes,
  redirections,
  events,
};
port.postMessage(course);
let left = frameCount;
port.on('message', () => {
  if (left === 0) return;
  left -= 1;
  port.postMessage(clip.nextFrame());
});
