import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../src/kernels/native-addon.js';
import { createNativeKernels } from '../../src/kernels/native-kernels.js';
import { createTexture, imageOf } from '../support/speckle-image.js';

const loaded = loadNativeAddon();
const reason = loaded.kind === 'absent' ? loaded.reason : loaded.addon.jpegReason;
const addon = loaded.kind === 'loaded' && loaded.addon.hasJpeg ? loaded.addon : null;
const kernels = addon === null ? null : createNativeKernels(addon);
const texture = createTexture(3);

interface Encoding {
  readonly progressive?: boolean;
  readonly isColour?: boolean;
  readonly quality?: number;
}

async function encode(width: number, height: number, encoding: Encoding = {}): Promise<Buffer> {
  const { data } = imageOf(width, height, texture);
  const raw = sharp(data, { raw: { width, height, channels: 1 } });
  const { progressive = false, quality = 85 } = encoding;
  const image = encoding.isColour ? raw.toColourspace('srgb') : raw.toColourspace('b-w');
  return image.jpeg({ progressive, quality }).toBuffer();
}

async function bySharp(jpeg: Buffer): Promise<Uint8Array> {
  return new Uint8Array(await sharp(jpeg).toColourspace('b-w').raw().toBuffer());
}

function byAddon(jpeg: Uint8Array, width: number, height: number): Uint8Array | null {
  const target = new Uint8Array(width * height);
  return kernels?.decodeGrayJpeg(jpeg, { width, height }, 1, target) ? target : null;
}

describe.skipIf(addon === null)(`the native decoder of gray JPEG (${reason})`, () => {
  it.each([
    [1, 1],
    [7, 3],
    [17, 64],
    [255, 131],
    [640, 480],
  ])('gives the pixels that sharp gives, %i × %i', async (width, height) => {
    for (const quality of [30, 85, 100]) {
      const jpeg = await encode(width, height, { quality });
      const ours = byAddon(jpeg, width, height) ?? new Uint8Array();
      expect(Buffer.compare(ours, await bySharp(jpeg)), `quality ${quality}`).toBe(0);
    }
  });

  it('leaves colour, progressive and differently sized images to sharp', async () => {
    expect(byAddon(await encode(64, 48, { isColour: true }), 64, 48)).toBeNull();
    expect(byAddon(await encode(64, 48, { progressive: true }), 64, 48)).toBeNull();
    expect(byAddon(await encode(64, 48), 48, 64)).toBeNull();
    expect(byAddon(await encode(64, 48), 63, 48)).toBeNull();
  });

  it('takes no damaged image for a whole one', async () => {
    const jpeg = await encode(96, 64);
    for (const length of [0, 2, 20, jpeg.length >> 1, jpeg.length - 3]) {
      expect(byAddon(jpeg.subarray(0, length), 96, 64)).toBeNull();
    }
    expect(byAddon(Buffer.from('not a JPEG at all'), 96, 64)).toBeNull();
  });

  it('makes an image smaller while it decodes it, near the mean of what it holds', async () => {
    const jpeg = await encode(65, 47, { quality: 95 });
    const whole = await bySharp(jpeg);
    for (const reduction of [2, 4, 8]) {
      const width = Math.ceil(65 / reduction);
      const target = new Uint8Array(width * Math.ceil(47 / reduction));
      expect(addon?.decodeGrayJpeg(jpeg, 65, 47, reduction, target)).toBe(0);
      let sum = 0;
      for (let y = 0; y < reduction; y++) {
        for (let x = 0; x < reduction; x++) sum += whole[(8 + y) * 65 + 16 + x] ?? 0;
      }
      const cell = (8 / reduction) * width + 16 / reduction;
      expect(Math.abs((target[cell] ?? 0) - sum / reduction ** 2)).toBeLessThan(4);
    }
  });
});
