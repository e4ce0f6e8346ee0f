import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { createShiftPyramid } from '../../src/kernels/shift-pyramid.js';
import { createTexture, imageOf } from '../support/speckle-image.js';

const texture = createTexture(11);

function shiftBetween(
  previousAt: (x: number, y: number) => number,
  currentAt: (x: number, y: number) => number,
  side = 256,
) {
  const previous = createShiftPyramid(side, side);
  const current = createShiftPyramid(side, side);
  kernels.buildPyramid(imageOf(side, side, previousAt).data, previous);
  kernels.buildPyramid(imageOf(side, side, currentAt).data, current);
  return kernels.estimateShift(previous, current);
}

describe('estimateShift', () => {
  it.each([
    [0, 0],
    [0.3, -0.6],
    [1, 2],
    [-3.4, 0.7],
    [7.25, -5.5],
    [15, 12],
  ])('finds a shift of %f, %f to a tenth of a pixel', (dx, dy) => {
    const found = shiftBetween(texture, (x, y) => texture(x - dx, y - dy));
    expect(found.isReliable).toBe(true);
    expect(Math.abs(found.xPx - dx)).toBeLessThan(0.1);
    expect(Math.abs(found.yPx - dy)).toBeLessThan(0.1);
  });

  it('is not pulled by a needle that moves while the tissue stands still', () => {
    const needle = (tipX: number) => (x: number, y: number) =>
      x < tipX && Math.abs(y - 0.4 * x - 60) < 2 ? 250 : texture(x, y);
    const found = shiftBetween(needle(120), needle(126));
    expect(Math.hypot(found.xPx, found.yPx)).toBeLessThan(0.05);
  });

  it('says that nothing can be matched in a flat image', () => {
    const found = shiftBetween(
      () => 40,
      () => 40,
    );
    expect(found).toEqual({ xPx: 0, yPx: 0, isReliable: false });
  });

  it('does not claim a shift between unrelated images larger than it can search', () => {
    const other = createTexture(99);
    const found = shiftBetween(texture, other, 64);
    expect(Math.abs(found.xPx)).toBeLessThan(32);
    expect(Math.abs(found.yPx)).toBeLessThan(32);
  });
});
