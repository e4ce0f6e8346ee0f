import type { ClipFrame } from '../../domain/clip.js';
import type { Frame } from '../../domain/frame.js';
import { NO_EXTENSIONS } from '../../domain/frame.js';
import type { NeedleTruth } from '../../domain/ground-truth.js';
import type { SimulatedFrame } from '../../domain/phantom-clip.js';

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

/** A simulated image as the frame that a linear-probe cart would offer. */
export function demoFrameOf(simulated: SimulatedFrame): DemoFrame {
  const { image, truth } = simulated;
  const frame: Frame = {
    epoch: 0,
    frameId: 0,
    captureTimeUs: 0,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    strideBytes: image.strideBytes,
    spacing: truth.spacing,
    extensions: NO_EXTENSIONS,
    payload: image.data,
  };
  return {
    frame,
    truth: { kind: 'known', needle: truth.needle },
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
