import { Worker } from 'node:worker_threads';
import type { Clip } from '../../domain/clip.js';
import { EcholineError } from '../../domain/errors.js';
import { type DemoFrame, demoFrameOfClip } from './demo-frame.js';

/** Side of the phantom's square image, px. */
const PHANTOM_SIZE_PX = 512;
const PHANTOM_SEED = 7;
/** Most frames of one's own clip that are held in memory. */
const CLIP_FRAMES_MAX = 2_000;

/** Frames that arrive one after the other; `onFrame` sees each as soon as it exists. */
export interface FrameSupply {
  /** Resolves with the whole loop once it is complete. */
  readonly complete: Promise<readonly DemoFrame[]>;
  /** Ends the generation. Idempotent. */
  close(): Promise<void>;
}

/** Renders the scripted phantom clip in a worker thread. */
export function supplyPhantom(onFrame: (frame: DemoFrame) => void): FrameSupply {
  const worker = new Worker(new URL('./phantom-worker.js', import.meta.url), {
    workerData: { sizePx: PHANTOM_SIZE_PX, seed: PHANTOM_SEED },
  });
  const frames: DemoFrame[] = [];
  const complete = new Promise<readonly DemoFrame[]>((resolve, reject) => {
    worker.on('message', (message: DemoFrame | null) => {
      if (message === null) {
        resolve(frames);
        return;
      }
      frames.push(message);
      onFrame(message);
    });
    worker.once('error', reject);
  });
  return {
    complete,
    async close() {
      await worker.terminate();
    },
  };
}

/** Reads one's own clip into memory, paced by its own timestamps or by `frameRateHz`. */
export async function supplyClip(clip: Clip, frameRateHz: number | null): Promise<DemoFrame[]> {
  const frames: DemoFrame[] = [];
  let firstCaptureUs: number | null = null;
  for await (const clipFrame of clip.frames()) {
    firstCaptureUs ??= clipFrame.frame.captureTimeUs;
    frames.push(demoFrameOfClip(clipFrame, firstCaptureUs, frames.length, frameRateHz));
    if (frames.length >= CLIP_FRAMES_MAX) break;
  }
  if (frames.length === 0) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `Expected at least one frame in ${clip.name} but found none.`,
    );
  }
  return frames;
}
