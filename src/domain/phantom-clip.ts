import type { GrayImage, ProbeGeometry } from './frame.js';
import type { GroundTruth } from './ground-truth.js';

/** One simulated image and what is true of it. */
export interface SimulatedFrame {
  readonly image: GrayImage;
  readonly truth: GroundTruth;
  /** Time since the start of the clip, µs. */
  readonly timeUs: number;
}

/**
 * A simulated sequence, deterministic in its seed. Made by the phantom, by the composite generator
 * and by the held-out generator; they share this interface and nothing of how an image is made.
 */
export interface SimulatedClip {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly probeGeometry: ProbeGeometry;
  readonly frameIntervalUs: number;
  /** Identifies the scene family: frames of one family never straddle training and validation. */
  readonly family: string;
  /** Renders the next frame. Reuses nothing it handed out before. */
  nextFrame(): SimulatedFrame;
}
