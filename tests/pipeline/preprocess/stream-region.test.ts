import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import {
  createStreamRegion,
  regionWish,
  updateRegion,
} from '../../../src/pipeline/preprocess/stream-region.js';
import { createTexture, imageOf } from '../../support/speckle-image.js';

const texture = createTexture(8);
const image = imageOf(320, 320, (x, y) => texture(x / 5, y / 5));
const tensor = { kernels, widthPx: 64, heightPx: 64 };
const AT_START = { isFollowing: false, nowUs: 0 };

function known() {
  const region = createStreamRegion();
  const box = updateRegion(region, image, AT_START, tensor);
  return { region, box };
}

describe('the region of interest of a stream', () => {
  it('is first looked for in a whole image', () => {
    const wish = regionWish(createStreamRegion(), image, AT_START);
    expect(wish).toEqual({ isWholeNeeded: true, reduction: 1 });
  });

  it('asks for the smallest image that has a pixel for each of the tensor', () => {
    const wish = regionWish(known().region, image, { isFollowing: false, nowUs: 400_000 });
    expect(wish).toEqual({ isWholeNeeded: false, reduction: 4 });
  });

  it('is looked for again in whole images: after half a second, or two while following', () => {
    const { region } = known();
    const isDue = (isFollowing: boolean, nowUs: number): boolean =>
      regionWish(region, image, { isFollowing, nowUs }).isWholeNeeded;
    expect([isDue(false, 499_999), isDue(false, 500_000)]).toEqual([false, true]);
    expect([isDue(true, 1_999_999), isDue(true, 2_000_000)]).toEqual([false, true]);
  });

  it('is looked for anew in images of another size', () => {
    const wish = regionWish(known().region, { widthPx: 320, heightPx: 300 }, AT_START);
    expect(wish).toEqual({ isWholeNeeded: true, reduction: 1 });
  });

  it('stays what it is in frames whose whole image nobody asked for', () => {
    const { region, box } = known();
    expect(updateRegion(region, null, { isFollowing: false, nowUs: 9e9 }, tensor)).toBe(box);
  });
});
