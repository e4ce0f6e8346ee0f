import type { SimulatedClip } from '../domain/phantom-clip.js';
import { createDemoScene, DEMO_STORY } from './demo-scene.js';
import { createPhantomClip } from './phantom-clip.js';

export interface DemoClipOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Varies speckle and textures; the story stays the same. */
  readonly seed: number;
}

/** A clip that is meant to be shown in a loop of `frameCount` frames. */
export interface DemoClip extends SimulatedClip {
  readonly frameCount: number;
}

const FRAME_RATE_HZ = 30;
const FRAME_COUNT = Math.round(DEMO_STORY.endS * FRAME_RATE_HZ);

/**
 * The demo's loop of 15.4 s: an artery, a vein and a nerve above bone under a linear probe; nothing
 * for 1.7 s, then an in-plane needle from the left, too near to the nerve, a fading tip, a
 * withdrawal, a second path that ends beside the nerve, a bolus that opens the plane, and an
 * injection.
 */
export function createDemoClip(options: DemoClipOptions): DemoClip {
  const clip = createPhantomClip({
    ...options,
    frameRateHz: FRAME_RATE_HZ,
    scene: createDemoScene(options.seed),
  });
  return { ...clip, family: 'phantom-demo', frameCount: FRAME_COUNT };
}
