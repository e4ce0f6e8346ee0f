import type { Frame } from './frame.js';
import type { GroundTruth } from './ground-truth.js';

/** One frame of a clip, with the truth where the clip has it. */
export interface ClipFrame {
  readonly frame: Frame;
  readonly truth: GroundTruth | null;
  /** File the frame came from, where it is one file a frame; else null. */
  readonly file: string | null;
}

/**
 * A recorded or simulated sequence of frames. Frames come in order; `frames()` may be called again.
 */
export interface Clip {
  readonly name: string;
  /** null when unknown before reading. */
  readonly frameCount: number | null;
  readonly widthPx: number;
  readonly heightPx: number;
  /** True for phantoms: displays say SIMULATED. */
  readonly isSimulated: boolean;
  frames(): AsyncIterable<ClipFrame>;
}
