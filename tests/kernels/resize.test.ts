import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { planResize } from '../../src/kernels/resize-plan.js';
import { createTexture, imageOf } from '../support/speckle-image.js';

const whole = (widthPx: number, heightPx: number) => ({ xPx: 0, yPx: 0, widthPx, heightPx });

describe('resize', () => {
  it('averages 2 × 2 blocks when halving', () => {
    const source = imageOf(4, 2, (x, y) => 10 * x + y);
    const target = new Uint8Array(2);
    kernels.resize(source, whole(4, 2), planResize(4, 2, 2, whole(2, 1)), target);
    expect([...target]).toEqual([6, 26]);
  });

  it('copies when the size stays, from inside a larger image and into a placement', () => {
    const source = imageOf(6, 5, (x, y) => 10 * y + x);
    const target = new Uint8Array(16);
    const placement = { xPx: 1, yPx: 1, widthPx: 2, heightPx: 2 };
    const rect = { xPx: 3, yPx: 2, widthPx: 2, heightPx: 2 };
    kernels.resize(source, rect, planResize(2, 2, 4, placement), target);
    expect([...target]).toEqual([0, 0, 0, 0, 0, 23, 24, 0, 0, 33, 34, 0, 0, 0, 0, 0]);
  });

  it('weighs partly covered pixels by their area', () => {
    const source = imageOf(3, 1, (x) => [0, 90, 240][x] ?? 0);
    const target = new Uint8Array(2);
    kernels.resize(source, whole(3, 1), planResize(3, 1, 2, whole(2, 1)), target);
    expect([...target]).toEqual([30, 190]);
  });

  it('interpolates linearly when enlarging', () => {
    const source = imageOf(2, 1, (x) => 100 * x);
    const target = new Uint8Array(4);
    kernels.resize(source, whole(2, 1), planResize(2, 1, 4, whole(4, 1)), target);
    expect([...target]).toEqual([0, 25, 75, 100]);
  });

  it('enlarges a single pixel to a constant image', () => {
    const source = imageOf(1, 1, () => 77);
    const target = new Uint8Array(64);
    kernels.resize(source, whole(1, 1), planResize(1, 1, 8, whole(8, 8)), target);
    expect(new Set(target)).toEqual(new Set([77]));
  });

  it('keeps a constant image constant at any size', () => {
    const side = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, tw, th, v) => {
        const target = new Uint8Array(tw * th);
        kernels.resize(
          imageOf(w, h, () => v),
          whole(w, h),
          planResize(w, h, tw, whole(tw, th)),
          target,
        );
        return target.every((value) => value === v);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('gives the same picture by taps as by whole blocks, within a gray level', () => {
    const texture = createTexture(4);
    const source = imageOf(96, 96, texture);
    const fast = new Uint8Array(48 * 48);
    const slow = new Uint8Array(48 * 48);
    const plan = planResize(96, 96, 48, whole(48, 48));
    kernels.resize(source, whole(96, 96), plan, fast);
    kernels.resize(source, whole(96, 96), { ...plan, boxFactor: 0 }, slow);
    const worst = fast.reduce((most, v, i) => Math.max(most, Math.abs(v - (slow[i] ?? 0))), 0);
    expect(worst).toBeLessThanOrEqual(1);
  });
});
