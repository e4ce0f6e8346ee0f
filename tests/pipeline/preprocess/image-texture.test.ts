import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../../src/domain/frame.js';
import type { ModelManifest } from '../../../src/domain/model-manifest.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import {
  type ImageTexture,
  measureTexture,
} from '../../../src/pipeline/preprocess/image-texture.js';
import { isForeign } from '../../../src/pipeline/preprocess/is-foreign.js';
import { createPreprocess } from '../../../src/pipeline/preprocess/preprocess.js';
import {
  noiseImage,
  photographImage,
  screenshotImage,
  tomographImage,
} from '../../support/foreign-images.js';
import { createTexture, imageOf } from '../../support/speckle-image.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

const texture = createTexture(41);
const WHOLE = { xPx: 0, yPx: 0, widthPx: 256, heightPx: 256 };

function textureOf(image: GrayImage): ImageTexture {
  const options = { kernels, widthPx: 256, heightPx: 256, neutral: 128, stills: true };
  const preprocess = createPreprocess(options);
  const input = { image, spacing: null, previousTrack: null, reduced: null };
  return preprocess.step(preprocess.createState(), input, 0).texture;
}

describe('the texture of an image', () => {
  it('is the correlation that the picture was made with', () => {
    // Each pixel is half its left neighbour and half new: neighbours correlate by one half.
    const noise = noiseImage(1, 256).data;
    const data = Uint8Array.from(noise, (value, i) => 40 + (value + (noise[i - 1] ?? 0)) / 3);
    expect(measureTexture(data, 256, WHOLE, kernels).neighbourCorrelation).toBeCloseTo(0.5, 1);
  });

  it('counts the even blocks among the lit ones', () => {
    // The left half is even, the right half changes by 10 from pixel to pixel; a third is black.
    const { data } = imageOf(256, 256, (x, y) => (y < 88 ? 0 : x < 128 ? 100 : 100 + 10 * (x % 2)));
    expect(measureTexture(data, 256, WHOLE, kernels).evenShare).toBeCloseTo(0.5, 1);
  });

  it('looks at nothing but the placement', () => {
    const { data } = imageOf(256, 256, (x, y) =>
      x < 128 ? texture(x, y) : (x * 77 + y * 31) % 256,
    );
    const left = measureTexture(data, 256, { ...WHOLE, widthPx: 128 }, kernels);
    const right = measureTexture(data, 256, { ...WHOLE, xPx: 128, widthPx: 128 }, kernels);
    expect(left.neighbourCorrelation).toBeGreaterThan(0.6);
    expect(right.neighbourCorrelation).toBeLessThan(0.3);
  });

  it('says nothing about an image that is too dark to say', () => {
    const { data } = imageOf(256, 256, (x) => x % 4);
    const found = measureTexture(data, 256, WHOLE, kernels);
    expect(found).toEqual({ neighbourCorrelation: 1, evenShare: 0 });
  });

  it('tells speckle from noise, text, photographs and tomograms', () => {
    const speckle = textureOf(imageOf(512, 512, (x, y) => texture(x / 3, y / 2)));
    expect(speckle.neighbourCorrelation).toBeGreaterThan(0.8);
    expect(speckle.evenShare).toBeLessThan(0.1);
    expect(textureOf(noiseImage(1, 512)).neighbourCorrelation).toBeLessThan(0.1);
    for (const isDark of [true, false]) {
      const screen = textureOf(screenshotImage(1, isDark));
      expect(screen.neighbourCorrelation).toBeLessThan(0.55);
    }
    expect(textureOf(photographImage(1)).evenShare).toBeGreaterThan(0.5);
    expect(textureOf(tomographImage(1)).evenShare).toBeGreaterThan(0.4);
  });
});

describe('isForeign', () => {
  const foreign = { neighbourCorrelation: 0.6, evenShare: 0.4, regionSidePx: 96 };
  const thresholds: ModelManifest['thresholds'] = { ...TEST_MANIFEST.thresholds, foreign };
  const usual: ImageTexture = { neighbourCorrelation: 0.9, evenShare: 0.1 };

  it.each([
    ['an ultrasound image', usual, WHOLE, false],
    ['noise', { ...usual, neighbourCorrelation: 0.5 }, WHOLE, true],
    ['an even picture', { ...usual, evenShare: 0.5 }, WHOLE, true],
    ['a thumbnail', usual, { ...WHOLE, widthPx: 90, heightPx: 60 }, true],
    ['a narrow image', usual, { ...WHOLE, widthPx: 60 }, false],
  ])('judges %s by the thresholds of the manifest', (_, found, region, expected) => {
    expect(isForeign(found, region, thresholds)).toBe(expected);
  });

  it('takes everything for ultrasound where the manifest says nothing', () => {
    const noise = { neighbourCorrelation: 0, evenShare: 1 };
    expect(isForeign(noise, { ...WHOLE, widthPx: 16 }, TEST_MANIFEST.thresholds)).toBe(false);
  });
});
