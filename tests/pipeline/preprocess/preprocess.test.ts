import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../../src/domain/frame.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { createPreprocess } from '../../../src/pipeline/preprocess/preprocess.js';
import { createTexture, imageOf } from '../../support/speckle-image.js';

const texture = createTexture(31);
const FRAME_US = 33_333;
const options = { kernels, widthPx: 64, heightPx: 64, neutral: 128 };
const PLANE = 64 * 64;

function run(images: readonly GrayImage[], intervalUs = FRAME_US, stills = false) {
  const stage = createPreprocess({ ...options, stills });
  const state = stage.createState();
  return images.map((image, index) => {
    const input = { image, spacing: null, previousTrack: null, reduced: null };
    const output = stage.step(state, input, index * intervalUs);
    return { ...output, tensor: output.tensor.slice() };
  });
}

const shortOf = (tensor: Uint8Array): Uint8Array => tensor.subarray(PLANE, 2 * PLANE);
const slowOf = (tensor: Uint8Array): Uint8Array => tensor.subarray(2 * PLANE);
const spread = (plane: Uint8Array): number =>
  Math.sqrt(plane.reduce((sum, value) => sum + (value - 128) ** 2, 0) / plane.length);

describe('preprocess', () => {
  it('gives the intensity and neutral differences for a first frame', () => {
    const [first] = run([imageOf(128, 128, (x, y) => texture(x / 2, y / 2))]);
    expect(first?.hasHistory).toBe(false);
    expect(spread(first?.tensor.subarray(0, PLANE) ?? new Uint8Array())).toBeGreaterThan(20);
    expect(new Set(first?.tensor.subarray(PLANE))).toEqual(new Set([128]));
    expect(first?.tensor.length).toBe(3 * PLANE);
  });

  it('gives neutral differences while nothing moves', () => {
    const image = imageOf(64, 64, texture);
    const last = run([image, image, image]).at(-1);
    expect(last?.hasHistory).toBe(true);
    expect(spread(shortOf(last?.tensor ?? new Uint8Array()))).toBe(0);
    expect(spread(slowOf(last?.tensor ?? new Uint8Array()))).toBeLessThan(0.7);
  });

  it('takes the motion of the probe out of the differences and reports it', () => {
    const images = [0, 1, 2, 3].map((shift) => imageOf(64, 64, (x, y) => texture(x - shift, y)));
    const outputs = run(images);
    const last = outputs.at(-1);
    expect(last?.tissueShiftPx.xPx).toBeCloseTo(1, 1);
    expect(last?.tissueShiftPx.yPx).toBeCloseTo(0, 1);
    expect(spread(shortOf(last?.tensor ?? new Uint8Array()))).toBeLessThan(3);
    expect(spread(slowOf(last?.tensor ?? new Uint8Array()))).toBeLessThan(3);
  });

  it('shows a moving tip in the short difference while the tissue moves too', () => {
    const at = (shift: number, tip: number) =>
      imageOf(64, 64, (x, y) =>
        Math.hypot(x - tip, y - 30) < 3 ? 255 : 0.5 * texture(x - shift, y),
      );
    const [, second] = run([at(0, 20), at(1, 28)]);
    const short = shortOf(second?.tensor ?? new Uint8Array());
    expect(short[30 * 64 + 28]).toBeGreaterThan(200);
    expect(short[30 * 64 + 21]).toBeLessThan(100);
  });

  it('scales the short difference by the elapsed time', () => {
    const dark = imageOf(64, 64, (x, y) => 0.5 * texture(x, y));
    const brighter = imageOf(64, 64, (x, y) => 0.5 * texture(x, y) + 40);
    const mean = (intervalUs: number): number => {
      const [, second] = run([dark, brighter], intervalUs);
      const short = shortOf(second?.tensor ?? new Uint8Array());
      return short.reduce((sum, value) => sum + value - 128, 0) / short.length;
    };
    expect(mean(FRAME_US)).toBeCloseTo(40, 0);
    expect(mean(2 * FRAME_US)).toBeCloseTo(20, 0);
  });

  it('remembers in the slow difference what a single interval hides', () => {
    const at = (needle: boolean) =>
      imageOf(64, 64, (x, y) => (needle && Math.abs(y - 30) < 2 ? 230 : 0.4 * texture(x, y)));
    const outputs = run([...new Array(20).fill(at(false)), at(true), at(true)]);
    const last = outputs.at(-1)?.tensor ?? new Uint8Array();
    expect(shortOf(last)[30 * 64 + 30]).toBe(128);
    expect(slowOf(last)[30 * 64 + 30]).toBeGreaterThan(220);
  });

  it('starts the history anew after a gap and when time stands still or runs back', () => {
    const image = imageOf(64, 64, texture);
    for (const interval of [600_000, 0, -FRAME_US]) {
      const [, second] = run([image, imageOf(64, 64, (x, y) => 255 - texture(x, y))], interval);
      expect(second?.hasHistory).toBe(false);
      expect(new Set(second?.tensor.subarray(PLANE))).toEqual(new Set([128]));
    }
  });

  it('never has a history for stills', () => {
    const outputs = run(
      [imageOf(64, 64, texture), imageOf(64, 64, (x, y) => texture(y, x))],
      FRAME_US,
      true,
    );
    for (const output of outputs) {
      expect(output.hasHistory).toBe(false);
      expect(new Set(output.tensor.subarray(PLANE))).toEqual(new Set([128]));
    }
  });

  it('reuses one tensor for all frames of a stream', () => {
    const stage = createPreprocess(options);
    const state = stage.createState();
    const input = {
      image: imageOf(64, 64, texture),
      spacing: null,
      previousTrack: null,
      reduced: null,
    };
    const first = stage.step(state, input, 0).tensor;
    expect(stage.step(state, input, FRAME_US).tensor).toBe(first);
  });

  it('keeps two streams apart', () => {
    const stage = createPreprocess(options);
    const [a, b] = [stage.createState(), stage.createState()];
    const input = {
      image: imageOf(64, 64, texture),
      spacing: null,
      previousTrack: null,
      reduced: null,
    };
    stage.step(a, input, 0);
    expect(stage.step(b, input, FRAME_US).hasHistory).toBe(false);
    expect(stage.step(a, input, FRAME_US).hasHistory).toBe(true);
  });

  it('crops borders away and says where tensor pixels came from', () => {
    const image = imageOf(256, 256, (x, y) =>
      x >= 64 && x < 192 && y >= 64 && y < 192 ? texture(x, y) : 0,
    );
    const [output] = run([image]);
    expect(output?.regionOfInterest.xPx).toBeGreaterThan(60);
    expect(output?.regionOfInterest.widthPx).toBeLessThan(134);
    const a = output?.imageToTensor.a ?? 0;
    expect(a).toBeCloseTo(64 / (output?.regionOfInterest.widthPx ?? 1), 1);
  });

  it('grows the region when echo data appears outside it, but never shrinks it', () => {
    const part = imageOf(256, 256, (x, y) => (y < 128 ? texture(x, y) : 0));
    const full = imageOf(256, 256, texture);
    const stage = createPreprocess(options);
    const state = stage.createState();
    const heights = [part, full, full, part, part].map((image, index) => {
      const input = { image, spacing: null, previousTrack: null, reduced: null };
      return stage.step(state, input, index * 400_000).regionOfInterest.heightPx;
    });
    expect(heights[0]).toBeLessThan(140);
    expect(heights[1]).toBe(heights[0]);
    expect(heights.slice(2)).toEqual([256, 256, 256]);
  });

  it('leaves the region alone for longer while a tip is followed', () => {
    const stage = createPreprocess(options);
    const state = stage.createState();
    const part = imageOf(256, 256, (x, y) => (y < 128 ? texture(x, y) : 0));
    const full = imageOf(256, 256, texture);
    const previousTrack = { tip: { xPx: 40, yPx: 40 } };
    stage.step(state, { image: part, spacing: null, previousTrack: null, reduced: null }, 0);
    const at = (nowUs: number): number =>
      stage.step(state, { image: full, spacing: null, previousTrack, reduced: null }, nowUs)
        .regionOfInterest.heightPx;
    expect(at(900_000)).toBeLessThan(140);
    expect(at(2_100_000)).toBe(256);
  });

  it('converts the spacing to tensor pixels, and leaves unknown unknown', () => {
    const stage = createPreprocess(options);
    const image = imageOf(128, 128, texture);
    const spacing = { xMm: 0.1, yMm: 0.2 };
    const known = stage.step(
      stage.createState(),
      { image, spacing, previousTrack: null, reduced: null },
      0,
    );
    expect(known.tensorSpacing).toEqual({ xMm: 0.2, yMm: 0.4 });
    const unknown = stage.step(
      stage.createState(),
      { image, spacing: null, previousTrack: null, reduced: null },
      0,
    );
    expect(unknown.tensorSpacing).toBeNull();
  });

  it('calls a flat image flat', () => {
    expect(run([imageOf(128, 128, () => 7)])[0]?.isFlat).toBe(true);
    expect(run([imageOf(128, 128, texture)])[0]?.isFlat).toBe(false);
  });

  it('goes on after black frames from the picture before them', () => {
    const picture = (shift: number) => imageOf(64, 64, (x, y) => texture(x - shift, y));
    const black = imageOf(64, 64, () => 0);
    const [, dark, , back, cold] = run([picture(0), black, black, picture(1), picture(1)]);
    expect(dark).toMatchObject({ isFlat: true, hasHistory: false, tissueShiftPx: { xPx: 0 } });
    expect(spread(shortOf(dark?.tensor ?? new Uint8Array()))).toBe(0);
    expect(back?.hasHistory).toBe(true);
    expect(back?.tissueShiftPx.xPx).toBeCloseTo(1, 1);
    expect(spread(shortOf(back?.tensor ?? new Uint8Array()))).toBeLessThan(3);
    expect(cold?.hasHistory).toBe(true);
  });

  it('starts anew with the first picture of a stream that begins black, or was for long', () => {
    const picture = imageOf(64, 64, texture);
    const black = imageOf(64, 64, () => 0);
    expect(run([black, black, picture]).map(({ hasHistory }) => hasHistory)).toEqual([
      false,
      true,
      false,
    ]);
    expect(run([picture, ...new Array(16).fill(black), picture]).at(-1)?.hasHistory).toBe(false);
  });

  it.each([
    [1, 1],
    [1, 700],
    [3, 2],
    [511, 37],
    [641, 479],
  ])('takes images of %i × %i', (w, h) => {
    const [first, second] = run([imageOf(w, h, texture), imageOf(w, h, texture)]);
    expect(first?.hasHistory).toBe(false);
    expect(second?.hasHistory).toBe(true);
  });

  it('starts cold when the size of the images changes', () => {
    const [, second] = run([imageOf(64, 64, texture), imageOf(96, 64, texture)]);
    expect(second?.hasHistory).toBe(false);
    expect(second?.regionOfInterest.widthPx).toBe(96);
  });
});
