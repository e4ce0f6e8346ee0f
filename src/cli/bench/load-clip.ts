import sharp from 'sharp';
import { CLIP_BYTES_MAX } from '../../clips/clip-limits.js';
import { openClip } from '../../clips/open-clip.js';
import { EcholineError } from '../../domain/errors.js';
import type { Frame } from '../../domain/frame.js';
import { createDemoScene } from '../../phantom/demo-scene.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import { frameOfSimulated } from '../simulated-frames.js';
import type { LoadClip } from './load-plan.js';

/** Side of the simulated image; other screens show it scaled, in the middle of a dark surround. */
const IMAGE_PX = 512;
/** Smaller images are simulated in their own size. */
const SMALL_PX = 400;
/** JPEG quality as scanners that stream JPEG use it, about. */
const JPEG_QUALITY = 90;
/** When the demo's story, which the loop is cut from, has its needle in the picture, s. */
const START_S = 2.5;

type PhantomClip = Extract<LoadClip, { kind: 'phantom' }>;

/**
 * The frames of a load, in memory, so that neither disk nor simulator disturb the pace. A clip's
 * frames come as they are in its file; at most 1 GiB of them.
 *
 * @throws EcholineError ECHOLINE_CLIP_*: what is wrong with the clip, in words
 */
export async function prepareClip(clip: LoadClip, fps: number | null): Promise<readonly Frame[]> {
  return clip.kind === 'phantom' ? phantomClip(clip) : fileFrames(clip.path, fps);
}

const phantoms = new Map<string, Promise<readonly Frame[]>>();

/** The frames of a phantom, made once in the life of a process: that takes longer than a load. */
export function phantomClip(wanted: PhantomClip): Promise<readonly Frame[]> {
  const key = JSON.stringify(wanted);
  const known = phantoms.get(key) ?? phantomFrames(wanted);
  phantoms.set(key, known);
  return known;
}

async function fileFrames(path: string, fps: number | null): Promise<readonly Frame[]> {
  const clip = await openClip(path, { fps });
  const frames: Frame[] = [];
  let bytes = 0;
  for await (const { frame } of clip.frames()) {
    bytes += frame.payload.length;
    if (bytes > CLIP_BYTES_MAX) break;
    frames.push(frame);
  }
  if (frames.length > 0) return frames;
  const message = `Expected at least one frame in ${path} but found none.`;
  throw new EcholineError('ECHOLINE_CLIP_EMPTY', message);
}

async function phantomFrames(wanted: PhantomClip): Promise<readonly Frame[]> {
  const { widthPx, heightPx, format, seed, images } = wanted;
  const sidePx = Math.min(widthPx, heightPx) < SMALL_PX ? Math.min(widthPx, heightPx) : IMAGE_PX;
  const frames: Frame[] = [];
  for (const frame of simulatedOnce(sidePx, seed, images)) {
    const screen = await onScreen(frame, widthPx, heightPx);
    frames.push(format === 'jpeg' ? await asJpeg(screen) : screen);
  }
  return frames;
}

const simulated = new Map<string, readonly Frame[]>();

/** The simulator takes longer than everything else here: each image is made once. */
function simulatedOnce(sidePx: number, seed: number, images: number): readonly Frame[] {
  const key = `${sidePx} ${seed} ${images}`;
  const known = simulated.get(key);
  if (known !== undefined) return known;
  const scene = { ...createDemoScene(seed), startS: START_S };
  const clip = createPhantomClip({ widthPx: sidePx, heightPx: sidePx, seed, scene });
  const frames = Array.from({ length: images }, (_, index) =>
    frameOfSimulated(clip, clip.nextFrame(), index),
  );
  simulated.set(key, frames);
  return frames;
}

/** The image as large as the screen's height allows, in its middle, as carts that grab screens. */
async function onScreen(frame: Frame, widthPx: number, heightPx: number): Promise<Frame> {
  if (frame.widthPx === widthPx && frame.heightPx === heightPx) return frame;
  const sidePx = Math.min(widthPx, heightPx);
  const left = Math.floor((widthPx - sidePx) / 2);
  const top = Math.floor((heightPx - sidePx) / 2);
  const raw = { width: frame.widthPx, height: frame.heightPx, channels: 1 } as const;
  const payload = await sharp(frame.payload, { raw })
    .resize(sidePx, sidePx, { kernel: 'cubic' })
    .extend({
      left,
      right: widthPx - sidePx - left,
      top,
      bottom: heightPx - sidePx - top,
      background: { r: 0, g: 0, b: 0 },
    })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const scale = frame.widthPx / sidePx;
  const { spacing } = frame;
  return {
    ...frame,
    widthPx,
    heightPx,
    strideBytes: widthPx,
    spacing: spacing && { xMm: spacing.xMm * scale, yMm: spacing.yMm * scale },
    payload,
  };
}

async function asJpeg(frame: Frame): Promise<Frame> {
  const raw = { width: frame.widthPx, height: frame.heightPx, channels: 1 } as const;
  const payload = await sharp(frame.payload, { raw })
    .toColourspace('b-w')
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return { ...frame, format: 'jpeg', strideBytes: 0, payload };
}
