import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { createTexture, imageOf } from '../support/speckle-image.js';

const size = { width: 64, height: 64 };
const texture = createTexture(5);
const still = { xPx: 0, yPx: 0 };

describe('shiftedDifference', () => {
  it('is neutral between equal images', () => {
    const image = imageOf(64, 64, texture).data;
    const target = new Uint8Array(4096);
    kernels.shiftedDifference(image, image, size, still, 1, 128, target);
    expect(new Set(target)).toEqual(new Set([128]));
  });

  it('is nearly neutral between images that only moved, and neutral at the new rim', () => {
    const before = imageOf(64, 64, texture).data;
    const after = imageOf(64, 64, (x, y) => texture(x - 2.5, y + 1.25)).data;
    const target = new Uint8Array(4096);
    kernels.shiftedDifference(after, before, size, { xPx: 2.5, yPx: -1.25 }, 1, 128, target);
    const worst = target.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0);
    expect(worst).toBeLessThanOrEqual(2);
    expect(target[0]).toBe(128);
    expect(target[4095]).toBe(128);
  });

  it('applies the gain and clips', () => {
    const current = Uint8Array.from([200, 100, 0, 90]);
    const previous = Uint8Array.from([100, 200, 255, 100]);
    const target = new Uint8Array(4);
    kernels.shiftedDifference(current, previous, { width: 2, height: 2 }, still, 2, 128, target);
    expect([...target]).toEqual([255, 0, 0, 108]);
    kernels.shiftedDifference(current, previous, { width: 2, height: 2 }, still, 0.5, 128, target);
    expect([...target]).toEqual([178, 78, 1, 123]);
  });

  it('survives shifts larger than the image', () => {
    const image = imageOf(64, 64, texture).data;
    const target = new Uint8Array(4096);
    kernels.shiftedDifference(image, image, size, { xPx: -90.5, yPx: 70 }, 1, 128, target);
    expect(new Set(target)).toEqual(new Set([128]));
  });
});

describe('backgroundDifference', () => {
  const row = { width: 4, height: 1 };

  it('shows the lead over the background and takes a share of it in', () => {
    const background = Uint16Array.from([100, 100, 100, 100], (value) => value * 256);
    const next = new Uint16Array(4);
    const target = new Uint8Array(4);
    const current = Uint8Array.from([100, 140, 60, 255]);
    kernels.backgroundDifference(current, background, row, still, 0.25, 128, target, next);
    expect([...target]).toEqual([128, 168, 88, 255]);
    expect([...next].map((value) => value / 256)).toEqual([100, 110, 90, 138.75]);
  });

  it('moves with the tissue and starts anew where it does not reach', () => {
    const background = Uint16Array.from([10, 20, 30, 40], (value) => value * 256);
    const next = new Uint16Array(4);
    const target = new Uint8Array(4);
    const current = Uint8Array.from([99, 10, 20, 30]);
    const shift = { xPx: 1, yPx: 0 };
    kernels.backgroundDifference(current, background, row, shift, 0.1, 128, target, next);
    expect([...target]).toEqual([128, 128, 128, 128]);
    expect([...next].map((value) => value / 256)).toEqual([99, 10, 20, 30]);
  });

  it('starts anew altogether after a shift larger than the image', () => {
    const next = new Uint16Array(4);
    const target = new Uint8Array(4);
    const current = Uint8Array.from([1, 2, 3, 4]);
    const shift = { xPx: -9, yPx: 0 };
    kernels.backgroundDifference(current, new Uint16Array(4), row, shift, 1, 128, target, next);
    expect([...next].map((value) => value / 256)).toEqual([1, 2, 3, 4]);
  });
});
