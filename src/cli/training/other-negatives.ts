import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { createDarkClip } from '../../phantom/dark/dark-clip.js';
import { frameWithoutTissue } from '../../phantom/dark/frame-without-tissue.js';
import { drawDisplay } from '../../phantom/display-script.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import type { Random } from '../../phantom/random.js';
import { LABEL_UNKNOWN } from './shard-record.js';

const FRAME_INTERVAL_US = 33_333;

/**
 * Pictures in which nobody could find a needle: black screens and menus (20 %), pictures without
 * tissue (64 %), tissue under far too little gain and pictures that go black (8 % each). None has a
 * needle.
 */
export function createOtherNegative(random: Random): SimulatedClip {
  const kind = random.uniform();
  if (kind < 0.2) return createBlankScreen(random);
  if (kind < 0.84) return createDarkClip(random);
  return kind < 0.92 ? createDimClip(random) : createLostSignal(random);
}

/** Tissue without a needle, nearly black: what its structures are is not to be seen. */
function createDimClip(random: Random): SimulatedClip {
  const display = { ...drawDisplay(random), tissueLevel: random.range(-0.5, 0.02), blackShare: 0 };
  const clip = createPhantomClip({
    seed: random.int(2 ** 31),
    widthPx: 224 + random.int(96),
    heightPx: 224 + random.int(96),
    scene: { needle: null, injectate: null, display },
  });
  return {
    ...clip,
    family: 'other-dim',
    nextFrame: () => {
      const frame = clip.nextFrame();
      frame.truth.labels.data.fill(LABEL_UNKNOWN);
      return { ...frame, truth: { ...frame.truth, imageQuality: 0 } };
    },
  };
}

/**
 * A picture, as a rule with a needle, that is gone from the second frame on, as when a cable is
 * loose: black, or noise. Its first frame is what the motion channels remember.
 */
function createLostSignal(random: Random): SimulatedClip {
  const widthPx = 224 + random.int(96);
  const heightPx = 224 + random.int(96);
  const phantom = createPhantomClip({ seed: random.int(2 ** 31), widthPx, heightPx });
  const level = random.pick([0, 0, random.range(1, 20), random.range(1, 60)]);
  const isFlat = random.chance(0.5);
  const noise = new Float32Array(widthPx * heightPx);
  let index = 0;
  return {
    ...phantom,
    family: 'other-lost',
    nextFrame: () => {
      if (index++ === 0) return phantom.nextFrame();
      const data = new Uint8Array(noise.length).fill(level);
      if (!isFlat) {
        random.fillGaussian(noise);
        for (let i = 0; i < data.length; i++) data[i] = level * Math.abs(noise[i] as number);
      }
      return frameWithoutTissue(
        data,
        widthPx,
        heightPx,
        Math.round(phantom.frameIntervalUs * (index - 1)),
      );
    },
  };
}

/** A screen without a picture: black, or a menu with boxes and lines. */
function createBlankScreen(random: Random): SimulatedClip {
  const kind = random.pick(['black', 'menu']);
  const widthPx = 200 + random.int(260);
  const heightPx = 200 + random.int(260);
  const data = new Uint8Array(widthPx * heightPx);
  if (kind === 'menu') drawMenu(data, widthPx, heightPx, random);
  let index = 0;
  return {
    widthPx,
    heightPx,
    probeGeometry: 'unknown',
    frameIntervalUs: FRAME_INTERVAL_US,
    family: `other-${kind}`,
    nextFrame: () =>
      frameWithoutTissue(data.slice(), widthPx, heightPx, FRAME_INTERVAL_US * index++),
  };
}

function drawMenu(data: Uint8Array, widthPx: number, heightPx: number, random: Random): void {
  for (let box = 0; box < 12; box++) {
    const x0 = random.int(widthPx - 8);
    const y0 = random.int(heightPx - 8);
    const x1 = Math.min(widthPx, x0 + 2 + random.int(widthPx / 2));
    const y1 = Math.min(heightPx, y0 + 2 + random.int(random.chance(0.5) ? 4 : heightPx / 4));
    const gray = random.int(256);
    for (let y = y0; y < y1; y++) data.fill(gray, y * widthPx + x0, y * widthPx + x1);
  }
}

/** The clip until it is frozen: from then on the same picture comes again and again. */
export function freezeAfter(clip: SimulatedClip, frames: number): SimulatedClip {
  let index = 0;
  let last: SimulatedFrame | null = null;
  return {
    ...clip,
    nextFrame: () => {
      const timeUs = Math.round(index++ * clip.frameIntervalUs);
      if (last === null || index <= frames) {
        last = clip.nextFrame();
        return last;
      }
      const still = { ...last.truth, probeShiftPx: { xPx: 0, yPx: 0 } };
      return { image: last.image, truth: still, timeUs };
    },
  };
}
