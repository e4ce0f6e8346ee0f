import type { ClipFrame } from '../../domain/clip.js';
import type { Frame } from '../../domain/frame.js';
import type { NeedleTruth } from '../../domain/ground-truth.js';
import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { frameOfSimulated } from '../simulated-frames.js';

/**
 * What is known of a frame's needle. `unknown`: the clip has no ground truth. `needle: null`: it is
 * known that there is none.
 */
export type DemoTruth =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'known'; readonly needle: NeedleTruth | null };

/** A frame of the demo's loop; identity and capture time are given when it is offered. */
export interface DemoFrame {
  readonly frame: Frame;
  readonly truth: DemoTruth;
  /** When it is due, µs after the start of the loop. */
  readonly offsetUs: number;
}

/** A simulated image as the frame of a cart, with its truth. */
export function demoFrameOf(clip: SimulatedClip, simulated: SimulatedFrame): DemoFrame {
  return {
    frame: frameOfSimulated(clip, simulated, 0),
    truth: { kind: 'known', needle: simulated.truth.needle },
    offsetUs: simulated.timeUs,
  };
}

/** A frame of one's own clip, due `offsetUs` after the start of the loop. */
export function demoFrameOfClip({ frame, truth }: ClipFrame, offsetUs: number): DemoFrame {
  return {
    frame,
    truth: truth === null ? { kind: 'unknown' } : { kind: 'known', needle: truth.needle },
    offsetUs,
  };
}

/** The loop at a fixed rate instead of its own pace. */
export function atRate(frames: readonly DemoFrame[], fps: number): readonly DemoFrame[] {
  return frames.map((frame, index) => ({ ...frame, offsetUs: Math.round((index * 1e6) / fps) }));
}
