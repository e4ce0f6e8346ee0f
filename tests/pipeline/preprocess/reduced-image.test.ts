import { describe, expect, it } from 'vitest';
import type { GrayImage, Reduction } from '../../../src/domain/frame.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { createPreprocess } from '../../../src/pipeline/preprocess/preprocess.js';
import { createTexture, imageOf } from '../../support/speckle-image.js';

const FRAME_US = 33_333;
const PLANE = 64 * 64;
const texture = createTexture(12);
/** Echo data in a gray screen whose borders are no multiples of four. */
const image = imageOf(331, 277, (x, y) =>
  x < 37 || x > 300 || y < 21 ? 40 : texture(x / 6, y / 6),
);

/** Means of squares of pixels, as a decoder makes them; the last squares may be cut off. */
function reduce(source: GrayImage, reduction: Reduction): GrayImage {
  const width = Math.ceil(source.widthPx / reduction);
  const height = Math.ceil(source.heightPx / reduction);
  return imageOf(width, height, (x, y) => {
    let sum = 0;
    let count = 0;
    for (let j = y * reduction; j < Math.min((y + 1) * reduction, source.heightPx); j++) {
      for (let i = x * reduction; i < Math.min((x + 1) * reduction, source.widthPx); i++) {
        sum += source.data[j * source.strideBytes + i] ?? 0;
        count++;
      }
    }
    return Math.round(sum / count);
  });
}

describe('an image that was reduced while it was decoded', () => {
  const stage = createPreprocess({ kernels, widthPx: 64, heightPx: 64, neutral: 128 });
  const rest = { spacing: null, previousTrack: null };

  /** A first whole frame, then frames as the stage wishes for them. */
  function run(frames: number) {
    const state = stage.createState();
    const outputs = [];
    for (let index = 0; index < frames; index++) {
      const nowUs = index * FRAME_US;
      const { isWholeNeeded, reduction } = stage.wish(state, image, false, nowUs);
      const reduced = reduction === 1 ? null : { image: reduce(image, reduction), reduction };
      const input = { ...rest, image: isWholeNeeded ? image : null, reduced };
      const output = stage.step(state, input, nowUs);
      outputs.push({ ...output, tensor: output.tensor.slice(), isWholeNeeded, reduction });
    }
    return outputs;
  }

  it('lies in the tensor where the whole image would, to a few gray levels', () => {
    const [first, second] = run(2);
    expect([first?.reduction, second?.reduction]).toEqual([1, 4]);
    expect(second?.imageToTensor).toEqual(first?.imageToTensor);
    expect(second?.regionOfInterest).toEqual(first?.regionOfInterest);
    let squares = 0;
    for (let i = 0; i < PLANE; i++) {
      squares += ((first?.tensor[i] ?? 0) - (second?.tensor[i] ?? 0)) ** 2;
    }
    expect(Math.sqrt(squares / PLANE)).toBeLessThan(4);
  });

  it('is never compared with a whole one: that difference is no motion', () => {
    const outputs = run(20);
    expect(outputs.map((output) => output.hasHistory).indexOf(true)).toBe(2);
    expect(outputs.slice(2).every((output) => output.hasHistory)).toBe(true);
    // The fifteenth is looked at as a whole, too, for the region; the tensor does not show it.
    expect(outputs.map((output) => output.isWholeNeeded).lastIndexOf(true)).toBeGreaterThan(10);
    const differences = outputs.slice(2).flatMap((output) => [...output.tensor.subarray(PLANE)]);
    expect(new Set(differences)).toEqual(new Set([128]));
  });
});
