import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitViewport, toCanvas, toImage, type ViewportInput } from '../../src/display/viewport.js';

const square: ViewportInput = {
  image: { widthPx: 100, heightPx: 50 },
  canvas: { width: 400, height: 400 },
  devicePixelRatio: 1,
  spacing: null,
  zoom: 1,
  marginCssPx: { x: 0, y: 0 },
};

describe('viewport', () => {
  it('fits the whole image, centred, with bars where it has another shape', () => {
    const viewport = fitViewport(square);
    expect(viewport.rect).toEqual({ x: 0, y: 100, w: 400, h: 200 });
    expect([viewport.scaleX, viewport.scaleY]).toEqual([4, 4]);
  });

  it('puts the centre of a pixel in the middle of its square', () => {
    expect(toCanvas(fitViewport(square), { xPx: 0, yPx: 0 })).toEqual({ x: 2, y: 102 });
    expect(toCanvas(fitViewport(square), { xPx: 99, yPx: 49 })).toEqual({ x: 398, y: 298 });
  });

  it('counts margins in CSS pixels and everything else in device pixels', () => {
    const viewport = fitViewport({
      ...square,
      devicePixelRatio: 2,
      marginCssPx: { x: 50, y: 10 },
    });
    expect(viewport.rect).toEqual({ x: 100, y: 150, w: 200, h: 100 });
    expect(viewport.unit).toBe(2);
  });

  it('shows tissue in its true proportions where the spacings differ', () => {
    const viewport = fitViewport({ ...square, spacing: { xMm: 0.1, yMm: 0.2 } });
    expect(viewport.rect).toEqual({ x: 0, y: 0, w: 400, h: 400 });
    // One millimetre is as long across as it is deep.
    expect(viewport.scaleX / 0.1).toBeCloseTo(viewport.scaleY / 0.2, 9);
  });

  it('magnifies about the middle', () => {
    const middle = { xPx: 49.5, yPx: 24.5 };
    const whole = fitViewport(square);
    const zoomed = fitViewport({ ...square, zoom: 3 });
    expect(toCanvas(zoomed, middle)).toEqual(toCanvas(whole, middle));
    expect(zoomed.scaleX).toBe(3 * whole.scaleX);
  });

  it('pans to a place as far as the image fills the canvas', () => {
    const middle = { x: 200, y: 200 };
    const panned = (xPx: number, yPx: number) =>
      fitViewport({ ...square, zoom: 4, centre: { xPx, yPx } });
    expect(toCanvas(panned(30, 20), { xPx: 30, yPx: 20 })).toEqual(middle);
    expect(panned(-50, -50).rect).toMatchObject({ x: 0, y: 0 });
    expect(panned(1000, 1000).rect).toMatchObject({ x: 400 - 1600, y: 400 - 800 });
    // Nothing to pan: the whole image is there.
    expect(fitViewport({ ...square, centre: { xPx: 0, yPx: 0 } }).rect).toEqual(
      fitViewport(square).rect,
    );
  });

  it('swaps left and right about the middle of the image', () => {
    const mirrored = fitViewport({ ...square, isMirrored: true });
    expect(mirrored.rect).toEqual(fitViewport(square).rect);
    expect(toCanvas(mirrored, { xPx: 0, yPx: 0 })).toEqual({ x: 398, y: 102 });
    expect(toCanvas(mirrored, { xPx: 99, yPx: 49 })).toEqual({ x: 2, y: 298 });
    const panned = fitViewport({
      ...square,
      zoom: 4,
      isMirrored: true,
      centre: { xPx: 30, yPx: 9 },
    });
    expect(toCanvas(panned, { xPx: 30, yPx: 9 }).x).toBe(200);
  });

  it('leads from image to canvas and back to the same place', () => {
    const side = fc.integer({ min: 1, max: 4096 });
    const mm = fc.double({ min: 0.01, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          image: fc.record({ widthPx: side, heightPx: side }),
          canvas: fc.record({ width: side, height: side }),
          devicePixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
          spacing: fc.option(fc.record({ xMm: mm, yMm: mm })),
          zoom: fc.double({ min: 1, max: 6, noNaN: true }),
          marginCssPx: fc.constantFrom({ x: 0, y: 0 }, { x: 46, y: 28 }),
          isMirrored: fc.boolean(),
          centre: fc.constantFrom(null, { xPx: 0, yPx: 0 }, { xPx: 70, yPx: 9000 }),
        }),
        fc.double({ min: -100, max: 5000, noNaN: true }),
        fc.double({ min: -100, max: 5000, noNaN: true }),
        (input, xPx, yPx) => {
          const viewport = fitViewport(input);
          const back = toImage(viewport, toCanvas(viewport, { xPx, yPx }));
          expect(back.xPx).toBeCloseTo(xPx, 5);
          expect(back.yPx).toBeCloseTo(yPx, 5);
        },
      ),
      { seed: 8 },
    );
  });
});
