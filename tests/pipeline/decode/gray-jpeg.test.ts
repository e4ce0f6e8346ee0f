import { describe, expect, it } from 'vitest';
import { applyAffine } from '../../../src/domain/affine.js';
import { type Frame, NO_EXTENSIONS, type Orientation } from '../../../src/domain/frame.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference-kernels.js';
import { createDecodeState, decode } from '../../../src/pipeline/decode/decode.js';
import type { DecodeWish } from '../../../src/pipeline/frame-context.js';
import { imageOf } from '../../support/speckle-image.js';
import { frameOf } from '../../support/test-frame.js';

/** Kernels whose decoder numbers the pixels of whatever it is asked for. */
function numbering(): { readonly kernels: Kernels; readonly asked: number[] } {
  const asked: number[] = [];
  const kernels: Kernels = {
    ...referenceKernels,
    decodeGrayJpeg: (_payload, { width, height }, reduction, target) => {
      asked.push(reduction);
      const length = Math.ceil(width / reduction) * Math.ceil(height / reduction);
      for (let i = 0; i < length; i++) target[i] = i;
      return true;
    },
  };
  return { kernels, asked };
}

const jpeg = (width: number, height: number, changes: Partial<Frame> = {}): Frame =>
  frameOf(
    imageOf(width, height, () => 0),
    {
      format: 'jpeg',
      strideBytes: 0,
      payload: Uint8Array.of(0xff, 0xd8, 0xff),
      ...changes,
    },
  );

async function decoded(frame: Frame, wish: DecodeWish) {
  const { kernels, asked } = numbering();
  const found = await decode(createDecodeState(), frame, kernels, wish);
  if (found.kind !== 'image') throw new Error(`abstained: ${found.reason}`);
  return { ...found, asked };
}

const QUARTER: DecodeWish = { isWholeNeeded: false, reduction: 4 };

describe('a gray JPEG', () => {
  it('is decoded to the size that was wished for, and still has its own coordinates', async () => {
    const { image, reduced, imageToNormalised, asked } = await decoded(jpeg(13, 8), QUARTER);
    expect(asked).toEqual([4]);
    expect(image).toBeNull();
    expect(reduced?.reduction).toBe(4);
    expect(reduced?.image).toMatchObject({ widthPx: 4, heightPx: 2, strideBytes: 4 });
    expect(applyAffine(imageToNormalised, { xPx: 12, yPx: 7 })).toEqual({ xPx: 12, yPx: 7 });
  });

  it('is decoded twice where the whole image is needed, too', async () => {
    const wish = { isWholeNeeded: true, reduction: 2 } as const;
    const { image, reduced, asked } = await decoded(jpeg(12, 8), wish);
    expect([...asked].sort()).toEqual([1, 2]);
    expect(image).toMatchObject({ widthPx: 12, heightPx: 8 });
    expect(reduced?.image).toMatchObject({ widthPx: 6, heightPx: 4 });
    expect(reduced?.image.data).not.toBe(image?.data);
  });

  it.each([
    ['MF', 0],
    ['UF', 2],
    ['MN', 3],
    ['UN', 5],
  ] as [Orientation, number][])('is mirrored when reduced: %s', async (orientation, corner) => {
    const { reduced, imageToNormalised } = await decoded(jpeg(12, 8, { orientation }), QUARTER);
    expect(reduced?.image.data[0]).toBe(corner);
    const { xPx, yPx } = applyAffine(imageToNormalised, { xPx: 0, yPx: 0 });
    expect(xPx).toBe(orientation.startsWith('U') ? 11 : 0);
    expect(yPx).toBe(orientation.endsWith('N') ? 7 : 0);
  });

  it('stays whole where mirroring would begin within a square of pixels', async () => {
    const { image, reduced } = await decoded(jpeg(13, 8, { orientation: 'UF' }), QUARTER);
    expect(reduced).toBeNull();
    expect(image?.widthPx).toBe(13);
  });

  it('stays whole where one pane of it is looked at', async () => {
    const rect = { xPx: 4, yPx: 0, widthPx: 8, heightPx: 8 };
    const extensions = { ...NO_EXTENSIONS, panes: [{ rect, spacing: null }] };
    const { image, reduced } = await decoded(jpeg(12, 8, { extensions }), QUARTER);
    expect(reduced).toBeNull();
    expect(image?.widthPx).toBe(8);
  });

  it('leaves frames of other formats alone', async () => {
    const { image, reduced, asked } = await decoded(frameOf(imageOf(12, 8, () => 7)), QUARTER);
    expect([image?.widthPx, reduced, asked]).toEqual([12, null, []]);
  });
});
