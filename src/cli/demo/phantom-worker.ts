import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../domain/assert.js';
import { createDemoClip } from '../../phantom/demo-clip.js';
import { demoFrameOf } from './demo-frame.js';

/**
 * Renders the demo's phantom clip off the main thread (pure TypeScript, so a worker thread is
 * enough) and posts each frame as soon as it exists; `null` says that the loop is complete.
 */
assert(parentPort !== null, 'the phantom worker runs as a worker thread');
const port = parentPort;
const { sizePx, seed } = workerData as { readonly sizePx: number; readonly seed: number };
const clip = createDemoClip({ widthPx: sizePx, heightPx: sizePx, seed });
for (let index = 0; index < clip.frameCount; index += 1) {
  const demoFrame = demoFrameOf(clip, clip.nextFrame());
  port.postMessage(demoFrame);
}
port.postMessage(null);
