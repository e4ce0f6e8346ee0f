import type { GrayImage } from '../../domain/frame.js';
import type { LabelClass } from '../../domain/ground-truth.js';
import type { SimulatedClip } from '../../domain/phantom-clip.js';
import { createRandom } from '../random.js';
import { createCompositeFrames } from './composite-frames.js';
import type { CompositeNeedle } from './composite-needle.js';

/** What to composite onto which still. */
export interface CompositeClipOptions {
  readonly seed: number;
  /** A needle-free frame of a real scanner, menus and borders included; it is not changed. */
  readonly background: GrayImage;
  /**
   * One label a pixel of the background (row-major, no stride): a class index, or 253 (neither
   * nerve nor vessel), 254 (artery or vein), 255 (unknown). null when nothing is known: all 255.
   */
  readonly backgroundLabels: Uint8Array | null;
  /** What the class indices mean; handed through to the label maps. */
  readonly backgroundClasses: readonly LabelClass[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly needle: CompositeNeedle;
  /** Default: drawn from the seed, 12 to 40. */
  readonly frameRateHz?: number;
  /** Scene family, for splits: frames of near-duplicate stills must share it. Default: the seed. */
  readonly family?: string;
}

/**
 * A simulated clip on a real still. Its truth is in pixels; `spacing` assumes that the echo data is
 * 40 mm high and must not be used as a fact, which `spacingKnown` says. `contact` and
 * `imageQuality` are NaN: nobody judged the still.
 */
export interface CompositeClip extends SimulatedClip {
  readonly spacingKnown: false;
}

/**
 * Draws needles, or what could be taken for needles, onto a real still and sets it in motion.
 *
 * The still becomes a sequence: probe slides, breathing, beating vessels, tissue dragged along by
 * the tip, exchange of speckle, gain flicker and frame noise, the same in clips without a needle
 * (there an unseen "needle" may drag the tissue). Echoes are added in the envelope domain with the
 * still's own resolution and grain. Deterministic in its options. Building takes about 30 ms, a
 * frame at 320 × 320 about 6 ms.
 */
export function createCompositeClip(options: CompositeClipOptions): CompositeClip {
  const { seed, widthPx, heightPx } = options;
  const random = createRandom(seed).fork('composite');
  const frameRateHz = options.frameRateHz ?? random.fork('frame-rate').logRange(12, 40);
  const frames = createCompositeFrames({
    random,
    still: { image: options.background, labels: options.backgroundLabels },
    classes: options.backgroundClasses,
    widthPx,
    heightPx,
    needle: options.needle,
  });
  let index = 0;
  return {
    widthPx,
    heightPx,
    probeGeometry: 'unknown',
    frameIntervalUs: Math.round(1e6 / frameRateHz),
    family: options.family ?? `composite-${seed}`,
    spacingKnown: false,
    nextFrame: () => frames(index++ / frameRateHz),
  };
}
