import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference-kernels.js';
import { selectKernels } from '../../src/kernels/select-kernels.js';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';
import { createDecodeState, decode } from '../../src/pipeline/decode/decode.js';
import { isForeign } from '../../src/pipeline/preprocess/is-foreign.js';
import { createPreprocess } from '../../src/pipeline/preprocess/preprocess.js';
import { frameOf } from '../support/test-frame.js';

const { kernels: native, reason } = selectKernels();
const hasDecoder = reason.includes('gray JPEG by');
const SIDE = 256;
const FRAMES = 4;

async function jpegFrames(widthPx: number, heightPx: number): Promise<Frame[]> {
  const clip = createPhantomClip({ seed: 5, widthPx, heightPx });
  const frames: Frame[] = [];
  for (let index = 0; index < FRAMES; index++) {
    const { image } = clip.nextFrame();
    const raw = sharp(image.data, { raw: { width: widthPx, height: heightPx, channels: 1 } });
    const payload = await raw.toColourspace('b-w').jpeg({ quality: 85 }).toBuffer();
    frames.push(frameOf(image, { format: 'jpeg', strideBytes: 0, payload }));
  }
  return frames;
}

/** The last frame's preparation, as the pipeline makes it with these kernels. */
async function prepare(frames: readonly Frame[], kernels: Kernels) {
  const stage = createPreprocess({ kernels, widthPx: SIDE, heightPx: SIDE, neutral: 128 });
  const state = stage.createState();
  const buffers = createDecodeState();
  let wasReduced = false;
  let last = null;
  for (const [index, frame] of frames.entries()) {
    const nowUs = index * 33_333;
    const wish = stage.wish(state, frame, false, nowUs);
    const decoded = await decode(buffers, frame, kernels, wish);
    if (decoded.kind !== 'image') throw new Error('abstained');
    const { image, reduced } = decoded;
    wasReduced = image === null;
    last = stage.step(state, { image, reduced, spacing: null, previousTrack: null }, nowUs);
  }
  if (last === null) throw new Error('no frame');
  return { ...last, wasReduced };
}

describe.skipIf(!hasDecoder)(`a gray JPEG with native kernels (${reason})`, () => {
  it.each([
    [512, 512],
    [1000, 700],
  ])('reaches the network as with sharp, of %i × %i', async (width, height) => {
    const frames = await jpegFrames(width, height);
    const ours = await prepare(frames, native);
    const theirs = await prepare(frames, referenceKernels);
    expect([ours.wasReduced, theirs.wasReduced]).toEqual([true, false]);
    expect(ours.regionOfInterest).toEqual(theirs.regionOfInterest);
    expect(ours.imageToTensor).toEqual(theirs.imageToTensor);
    expect(ours.isFlat).toBe(theirs.isFlat);
    const { neighbourCorrelation, evenShare } = ours.texture;
    expect(neighbourCorrelation).toBeCloseTo(theirs.texture.neighbourCorrelation, 1);
    expect(evenShare).toBeCloseTo(theirs.texture.evenShare, 1);
    let squares = 0;
    for (let i = 0; i < SIDE * SIDE; i++) {
      squares += ((ours.tensor[i] ?? 0) - (theirs.tensor[i] ?? 0)) ** 2;
    }
    expect(Math.sqrt(squares) / SIDE).toBeLessThan(2);
  });

  it('is still told from noise', async () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 512 * 512 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    const raw = sharp(noise, { raw: { width: 512, height: 512, channels: 1 } });
    const payload = await raw.toColourspace('b-w').jpeg({ quality: 85 }).toBuffer();
    const image = { widthPx: 512, heightPx: 512, strideBytes: 512, data: noise };
    const frame = frameOf(image, { format: 'jpeg', strideBytes: 0, payload });
    const { texture, regionOfInterest, wasReduced } = await prepare([frame, frame], native);
    const foreign = { neighbourCorrelation: 0.6, evenShare: 0.38, regionSidePx: 96 };
    expect(wasReduced).toBe(true);
    expect(isForeign(texture, regionOfInterest, { foreign } as never)).toBe(true);
  });
});
