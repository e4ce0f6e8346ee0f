import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { createFrameMaker } from './heldout-frame-maker.js';
import { createHeldoutScene } from './heldout-scene.js';

/** What to make. The stratum follows from the seed (`heldoutStratum`). */
export interface HeldoutClipOptions {
  /** A whole number ≥ 0. */
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRateHz: number;
  /** Whether a second needle with a visible tip lies still in the tissue; default no. */
  readonly hasRestingNeedle?: boolean;
}

/** A held-out clip, and what the truth of a frame does not say about its needle. */
export interface HeldoutClip extends SimulatedClip {
  /** Outer diameter, mm; null in a needle-free clip. */
  readonly needleDiameterMm: number | null;
}

/**
 * A clip of the held-out generator, for evaluation only.
 *
 * It shares nothing with the training phantom but the types of `src/domain`: own texture (summed
 * wavelets in image space), own point spread, own needle echo, own anatomies. So a network that has
 * merely learnt the training phantom's habits does not score here. Deterministic in its options.
 * Building takes 0.2 to 0.4 s, a frame at 384 × 384 about 8 ms.
 */
export function createHeldoutClip(options: HeldoutClipOptions): HeldoutClip {
  const { seed, widthPx, heightPx, frameRateHz } = options;
  const scene = createHeldoutScene(seed, options, options.hasRestingNeedle ?? false);
  const frameAt = createFrameMaker(scene, seed);
  const { needle, isStaticLine, view } = scene;
  const hasNeedle = needle !== null && !isStaticLine;
  let index = 0;
  return {
    widthPx,
    heightPx,
    probeGeometry: scene.view.probe,
    frameIntervalUs: Math.round(1e6 / frameRateHz),
    needleDiameterMm: hasNeedle ? needle.diameterPx * view.mmPerPx : null,
    family: `heldout-${scene.anatomy.name}-${seed}`,
    nextFrame(): SimulatedFrame {
      const timeS = index / frameRateHz;
      index++;
      return frameAt(timeS);
    },
  };
}
