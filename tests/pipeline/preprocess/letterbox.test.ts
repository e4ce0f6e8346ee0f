import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAffine, invertAffine } from '../../../src/domain/affine.js';
import { blankOutside, letterbox } from '../../../src/pipeline/preprocess/letterbox.js';

const regionOf = (xPx: number, yPx: number, widthPx: number, heightPx: number) => ({
  rect: { xPx, yPx, widthPx, heightPx },
  outline: null,
  isFound: true,
});

describe('letterbox', () => {
  it('fits a wide region across and centres it', () => {
    const { whole, placement, imageToTensor } = letterbox(regionOf(0, 0, 512, 256), 256, 256);
    expect(placement).toEqual({ xPx: 0, yPx: 64, widthPx: 256, heightPx: 128 });
    expect(whole.plan.boxFactor).toBe(2);
    expect(applyAffine(imageToTensor, { xPx: 0, yPx: 0 })).toEqual({ xPx: -0.25, yPx: 63.75 });
  });

  it('maps corners of the region to corners of the placement', () => {
    const side = fc.integer({ min: 1, max: 2000 });
    const start = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(start, start, side, side, (x, y, w, h) => {
        const { placement, imageToTensor } = letterbox(regionOf(x, y, w, h), 256, 256);
        const topLeft = applyAffine(imageToTensor, { xPx: x - 0.5, yPx: y - 0.5 });
        const bottomRight = applyAffine(imageToTensor, { xPx: x + w - 0.5, yPx: y + h - 0.5 });
        expect(topLeft.xPx).toBeCloseTo(placement.xPx - 0.5, 6);
        expect(topLeft.yPx).toBeCloseTo(placement.yPx - 0.5, 6);
        expect(bottomRight.xPx).toBeCloseTo(placement.xPx + placement.widthPx - 0.5, 6);
        expect(bottomRight.yPx).toBeCloseTo(placement.yPx + placement.heightPx - 0.5, 6);
        expect(Math.max(placement.widthPx, placement.heightPx)).toBe(256);
      }),
      { seed: 1 },
    );
  });

  it('is undone by its inverse: image → tensor → image', () => {
    const coordinate = fc.double({ min: -100, max: 3000, noNaN: true });
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(coordinate, coordinate, side, side, (xPx, yPx, w, h) => {
        const { imageToTensor } = letterbox(regionOf(7, 11, w, h), 256, 256);
        const there = applyAffine(imageToTensor, { xPx, yPx });
        const back = applyAffine(invertAffine(imageToTensor), there);
        expect(Math.hypot(back.xPx - xPx, back.yPx - yPx)).toBeLessThan(1e-6);
      }),
      { seed: 2 },
    );
  });

  it('blanks what lies outside a sector and nothing inside', () => {
    const outline = [
      { xPx: 40, yPx: 0 },
      { xPx: 60, yPx: 0 },
      { xPx: 100, yPx: 100 },
      { xPx: 0, yPx: 100 },
    ];
    const box = letterbox({ ...regionOf(0, 0, 100, 100), outline }, 50, 50);
    const plane = new Uint8Array(2500).fill(9);
    blankOutside(box.rowSpans ?? new Int32Array(0), plane, 50, 50);
    expect(plane[0]).toBe(0);
    expect(plane[25]).toBe(9);
    expect(plane[5 * 50 + 5]).toBe(0);
    expect(plane[5 * 50 + 44]).toBe(0);
    expect([...plane.subarray(49 * 50)]).toEqual(new Array(50).fill(9));
  });
});
