import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Frame, type GrayImage, NO_EXTENSIONS } from '../../src/domain/frame.js';
import type { FrameFindings } from '../../src/domain/overlay.js';
import { readClockUs } from '../../src/engine/read-clock.js';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.js';
import {
  grainImage,
  noiseImage,
  photographImage,
  saltAndPepperImage,
  screenshotImage,
  tomographImage,
} from '../support/foreign-images.js';
import { createTexture, imageOf } from '../support/speckle-image.js';
import { frameOf } from '../support/test-frame.js';

const modelDirectory = fileURLToPath(new URL('../../models/guidenet', import.meta.url));
const SPACING = { xMm: 0.1, yMm: 0.1 };
const FRAME_US = 33_333;
const SEEDS = [1, 2, 3];
const texture = createTexture(41);

/** Speckle without a needle, `grainPx` pixels a grain. */
const speckle = (side: number, grainPx: number): GrayImage =>
  imageOf(side, side, (x, y) => texture(x / grainPx, y / grainPx));

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await createPipeline({
    modelDirectory,
    precision: 'auto',
    executionProvider: 'cpu',
    executionProviderFallback: 'none',
    intraOpThreads: 1,
    kernels,
    warmUpRuns: 1,
    readClockUs,
  });
});
afterAll(() => pipeline.close());

/** What the shipped model says about a frame by itself, and about the last of four in a row. */
async function look(frame: Frame): Promise<readonly FrameFindings[]> {
  const found: FrameFindings[] = [];
  for (const stills of [true, false]) {
    const stream = pipeline.createStream({ stills });
    let last: FrameFindings | null = null;
    for (let index = 0; index < (stills ? 1 : 4); index++) {
      const result = await pipeline.process(stream, frame, 0, index * FRAME_US);
      if (result.kind !== 'ok') throw result.error;
      last = result.findings;
    }
    if (last !== null) found.push(last);
  }
  return found;
}

/** It has no tip, and says why; where nothing can be concluded it says that too. */
function expectNoTip(findings: FrameFindings): void {
  const { needle, guidance } = findings;
  expect(needle.tip).toBeNull();
  expect(needle.tipReason).not.toBeNull();
  expect(guidance.validity).not.toBe('valid');
  expect(guidance.reasons).not.toEqual([]);
}

/** It does not look at the image at all. */
function expectUnreadable(findings: FrameFindings): void {
  expect(findings.needle).toMatchObject({ state: 'absent', tip: null, tipReason: 'image-quality' });
  expect(findings.structures).toEqual([]);
  expect(findings.imageQuality).toBe(0);
  expect(findings.guidance.validity).toBe('unavailable');
  expect(findings.guidance.reasons).toContain('image-quality-low');
}

describe('the shipped model abstains and says why', () => {
  it.each([
    ['black', () => imageOf(512, 512, () => 0)],
    ['white', () => imageOf(512, 512, () => 255)],
    ['gray', () => imageOf(640, 480, () => 128)],
    ['a gradient', () => imageOf(512, 512, (x, y) => (x + y) / 4)],
  ])('in an image that is all %s', async (_, paint) => {
    for (const found of await look(frameOf(paint(), { spacing: SPACING }))) expectUnreadable(found);
  });

  it.each([
    ['pure noise', (seed: number) => noiseImage(seed, 512)],
    ['grain', (seed: number) => grainImage(seed, 400)],
    ['salt and pepper', (seed: number) => saltAndPepperImage(seed, 640)],
    ['a photograph', (seed: number) => photographImage(seed)],
    ['a light screenshot', (seed: number) => screenshotImage(seed, false)],
    ['a dark screenshot', (seed: number) => screenshotImage(seed, true)],
    ['a tomogram', (seed: number) => tomographImage(seed)],
    ['noise of 16 × 16', (seed: number) => noiseImage(seed, 16)],
    [
      'noise of 4096 × 4096',
      (seed: number) => (seed > 1 ? noiseImage(seed, 999) : noiseImage(1, 4096)),
    ],
  ])('in %s', async (_, paint) => {
    for (const seed of SEEDS) {
      const frame = frameOf(paint(seed), { spacing: SPACING });
      for (const found of await look(frame)) expectUnreadable(found);
    }
  });

  it('in speckle of 16 × 16 pixels', async () => {
    for (const found of await look(frameOf(speckle(16, 1)))) expectUnreadable(found);
  });

  it('in colour Doppler, whether or not the cart says that it is', async () => {
    const frame = dopplerFrame();
    const extensions = { ...NO_EXTENSIONS, imagingMode: 'colour' as const };
    const told = await look({ ...frame, extensions });
    for (const found of [...told, ...(await look(frame))]) {
      expect(found.needle).toMatchObject({ state: 'absent', tipReason: 'imaging-mode' });
      expect(found.structures).toEqual([]);
      expect(found.guidance).toMatchObject({
        validity: 'unavailable',
        reasons: ['imaging-mode'],
      });
    }
  });

  it.each([
    ['of 4096 × 4096 pixels', speckle(4096, 12), SPACING],
    ['of 4096 × 64 pixels', imageOf(4096, 64, (x, y) => texture(x / 4, y / 4)), SPACING],
    ['with pixels eight times as wide as high', speckle(512, 4), { xMm: 0.4, yMm: 0.05 }],
    ['with pixels eight times as high as wide', speckle(512, 4), { xMm: 0.05, yMm: 0.4 }],
    ['with a spacing of 20 mm', speckle(512, 4), { xMm: 20, yMm: 20 }],
    ['with a spacing of a nanometre', speckle(512, 4), { xMm: 1e-6, yMm: 1e-6 }],
  ])('in speckle %s', async (_, image, spacing) => {
    for (const found of await look(frameOf(image, { spacing }))) expectNoTip(found);
  });

  it('in speckle of unknown spacing, without a millimetre', async () => {
    for (const found of await look(frameOf(speckle(512, 4)))) {
      expectNoTip(found);
      expect(found.guidance.reasons).toContain('spacing-unknown');
      const numbers = JSON.stringify(found).match(/"[a-zA-Z0-9]*Mm2?":[^,}]*/g) ?? [];
      expect(numbers.every((member) => member.endsWith(':null'))).toBe(true);
    }
  });
});

/** Speckle with a box of red and blue flow in its middle, as a four-byte image. */
function dopplerFrame(): Frame {
  const side = 512;
  const payload = new Uint8Array(4 * side * side);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i += 4) {
      const gray = Math.min(255, texture(x / 4, y / 3));
      const flow = Math.hypot(x - 256, (y - 260) * 2) < 110 ? 255 - gray / 2 : 0;
      payload[i] = flow > 0 ? (x < 256 ? flow : 20) : gray;
      payload[i + 1] = flow > 0 ? 30 : gray;
      payload[i + 2] = flow > 0 ? (x < 256 ? 20 : flow) : gray;
      payload[i + 3] = 255;
    }
  }
  const image = { widthPx: side, heightPx: side, strideBytes: 4 * side, data: payload };
  return frameOf(image, { format: 'rgba8', spacing: SPACING });
}
