import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { createDarkClip } from '../../phantom/dark/dark-clip.js';
import { frameWithoutTissue } from '../../phantom/dark/frame-without-tissue.js';
import { drawDisplay } from '../../phantom/display-script.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import type { Random } from '../../phantom/random.js';
import { LABEL_UNKNOWN } from './shard-record.js';

const FRAME_INTERVAL_US = 33_333;

type Kind = 'black' | 'noise' | 'air' | 'menu';
const KINDS: readonly Kind[] = ['black', 'noise', 'air', 'air', 'menu'];

/**
 * Pictures in which nobody could find a needle: half of them plain (`createPlainNegative`), a third
 * dark with echoes of the probe or of a water tank, the rest tissue under far too little gain and
 * pictures that go black. None has a needle.
 */
export function createOtherNegative(random: Random): SimulatedClip {
  const kind = random.uniform();
  if (kind < 0.5) return createPlainNegative(random);
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

/**
 * Pictures without anatomy: a black screen, receiver noise, a probe in the air (bright bands of
 * ringing near the face and nothing below), a menu with boxes and lines. No needle, no contact.
 */
function createPlainNegative(random: Random): SimulatedClip {
  const kind = random.pick(KINDS);
  const widthPx = 200 + random.int(260);
  const heightPx = 200 + random.int(260);
  const level = random.range(4, 60);
  const bands = { periodPx: random.range(8, 40), decayPx: random.range(15, 90) };
  const menu = random.fork('menu');
  let index = 0;
  return {
    widthPx,
    heightPx,
    probeGeometry: 'unknown',
    frameIntervalUs: FRAME_INTERVAL_US,
    family: `other-${kind}`,
    nextFrame: () => {
      const data = new Uint8Array(widthPx * heightPx);
      const noise = new Float32Array(data.length);
      random.fillGaussian(noise);
      if (kind === 'menu') drawMenu(data, widthPx, heightPx, menu.fork('boxes'));
      for (let pixel = 0; pixel < data.length; pixel++) {
        const depth = Math.floor(pixel / widthPx);
        data[pixel] = Math.max(
          data[pixel] as number,
          shade(kind, noise[pixel] as number, depth, level, bands),
        );
      }
      return frameWithoutTissue(data, widthPx, heightPx, FRAME_INTERVAL_US * index++);
    },
  };
}

function shade(
  kind: Kind,
  noise: number,
  depthPx: number,
  level: number,
  bands: { readonly periodPx: number; readonly decayPx: number },
): number {
  if (kind === 'black' || kind === 'menu') return 0;
  if (kind === 'noise') return level * Math.abs(noise);
  const ringing = Math.exp(-depthPx / bands.decayPx);
  const wave = 0.5 + 0.5 * Math.cos((2 * Math.PI * depthPx) / bands.periodPx);
  return Math.min(255, 220 * ringing * (0.35 + 0.65 * wave) + (0.2 * level + 2) * Math.abs(noise));
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
