import { median } from '../../domain/median.js';
import { createRandom } from '../../phantom/random.js';

/** Longest pause between two frames: longer gaps in a clip are shortened to it, as in `replay`. */
const GAP_MAX_US = 2_000_000;
/** Pause from the last frame of a loop to its first where the clip has one frame only, µs. */
const LONE_FRAME_US = 33_333;

/** What settles when frames are due. */
export interface Rhythm {
  /** Capture times of the clip's frames, µs, not empty. */
  readonly captureTimesUs: readonly number[];
  /** null = the clip's own times. */
  readonly fps: number | null;
  /** How many frames in all; the clip is looped. */
  readonly frames: number;
  readonly jitterMs: number;
  readonly seed: number;
}

/**
 * When each frame of one stream was captured, whole µs from the first one. Times that go back count
 * as no pause; the pause behind the last frame of a loop is the clip's median pause.
 */
export function captureOffsetsUs(rhythm: Rhythm): Float64Array {
  const { captureTimesUs, fps, frames } = rhythm;
  const offsets = new Float64Array(frames);
  if (fps !== null) return offsets.map((_, index) => Math.round((index * 1e6) / fps));
  const gaps = captureTimesUs.map((time, index) =>
    Math.min(Math.max(time - (captureTimesUs[index - 1] ?? time), 0), GAP_MAX_US),
  );
  gaps[0] = gaps.length > 1 ? median(gaps.slice(1)) : LONE_FRAME_US;
  for (let index = 1; index < frames; index++) {
    offsets[index] = Math.round((offsets[index - 1] ?? 0) + (gaps[index % gaps.length] ?? 0));
  }
  return offsets;
}

/** When each frame is due: its capture, later by a seeded jitter, never before its predecessor. */
export function dueOffsetsUs(rhythm: Rhythm): Float64Array {
  const random = createRandom(rhythm.seed);
  let last = 0;
  return captureOffsetsUs(rhythm).map((offset) => {
    last = Math.max(last, Math.round(offset + random.uniform() * rhythm.jitterMs * 1000));
    return last;
  });
}
