import { Worker } from 'node:worker_threads';
import { CLIP_BYTES_MAX } from '../../clips/clip-limits.js';
import type { Clip } from '../../domain/clip.js';
import { EcholineError } from '../../domain/errors.js';
import { type DemoFrame, demoFrameOfClip } from './demo-frame.js';

/** Side of the phantom's square image, px. */
const PHANTOM_SIZE_PX = 512;
const PHANTOM_SEED = 7;
/** Longest pause between two frames of a clip: longer gaps are shortened to it, as in `replay`. */
const GAP_MAX_US = 2_000_000;

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

/**
 * Reads one's own clip into memory, at most 1 GiB of it, so that reading does not disturb the pace
 * of the loop. Each frame is due at the clip's own time; time that goes back counts as none.
 *
 * @param stop - ends the reading with what there is
 * @throws EcholineError ECHOLINE_CLIP_EMPTY, or what the clip's reader throws
 */
export async function supplyClip(clip: Clip, stop: AbortSignal): Promise<readonly DemoFrame[]> {
  const frames: DemoFrame[] = [];
  let bytes = 0;
  let offsetUs = 0;
  let previousUs: number | null = null;
  for await (const clipFrame of clip.frames()) {
    const { captureTimeUs, payload } = clipFrame.frame;
    bytes += payload.length;
    if (stop.aborted || bytes > CLIP_BYTES_MAX) break;
    const gapUs = captureTimeUs - (previousUs ?? captureTimeUs);
    offsetUs += Math.min(Math.max(gapUs, 0), GAP_MAX_US);
    previousUs = captureTimeUs;
    frames.push(demoFrameOfClip(clipFrame, offsetUs));
  }
  if (frames.length === 0 && !stop.aborted) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `Expected at least one frame in ${clip.name} but found none.`,
    );
  }
  return frames;
}
