import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { toCanvas } from '../../src/display/viewport.js';
import type { PointPx } from '../../src/domain/geometry.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayPage, Pixels } from '../support/display-page.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  visibleNeedle,
} from '../support/display-samples.js';
import { pageForAllTests } from '../support/page-suite.js';

const title = browserTitle('what the page draws');
const brightness = (pixels: Pixels, x: number, y: number): number =>
  Math.min(...pixels.at(Math.round(x), Math.round(y)));

// Ratios 1 and 2 are measured on a canvas of the SDK, which takes less time.
describe.skipIf(BROWSER_MISSING !== null).each([1.5])(
  `${title}, %d device pixels a CSS pixel`,
  (ratio) => {
    let display: DisplayPage;

    pageForAllTests({
      viewport: { width: 1000, height: 700 },
      deviceScaleFactor: ratio,
      opened(open) {
        display = open.display;
      },
    });

    it.each([
      [60, 50, 10],
      [100.5, 80.25, 6],
      [150, 120, 14],
    ])(
      'an open ring around the tip at (%d, %d) with a radius of %d pixels',
      async (x, y, radius) => {
        const frame = sampleFrame(Math.round(x));
        const needle = { ...visibleNeedle(x, y, radius), shaft: null };
        await display.show(frame, sampleOverlay(frame, { needle }));
        const viewport = await display.viewport(frame);
        const centre = toCanvas(viewport, { xPx: x, yPx: y });
        const pixels = await display.pixels();
        let sumX = 0;
        let sumY = 0;
        const directions = 32;
        for (let index = 0; index < directions; index += 1) {
          // Half a step off the axes, where the cross-hair is.
          const angle = ((index + 0.5) / directions) * 2 * Math.PI;
          let best = 0;
          let bestRadius = 0;
          for (let r = 2; r < radius * viewport.scaleX * 1.5; r += 0.25) {
            const seen = brightness(
              pixels,
              centre.x + r * Math.cos(angle) - 0.5,
              centre.y + r * Math.sin(angle) - 0.5,
            );
            if (seen > best) {
              best = seen;
              bestRadius = r;
            }
          }
          expect(best).toBeGreaterThan(220);
          expect(Math.abs(bestRadius - radius * viewport.scaleX)).toBeLessThanOrEqual(1.5 * ratio);
          sumX += bestRadius * Math.cos(angle);
          sumY += bestRadius * Math.sin(angle);
        }
        expect(Math.hypot(sumX, sumY) / directions).toBeLessThan(1.5 * ratio);
        expect(pixels.at(Math.floor(centre.x), Math.floor(centre.y))).toEqual([40, 40, 40]);
      },
    );

    it('the outline of a structure where its contour says, and nothing inside it', async () => {
      const frame = sampleFrame(200);
      const structures = [sampleStructure('nerve', 40, 60, 120, 130)];
      await display.show(frame, sampleOverlay(frame, { structures }));
      const isYellow = async (point: PointPx): Promise<boolean> => {
        const [red, green, blue] = await display.pixelAt(frame, point);
        return red > 200 && green > 190 && blue < 110;
      };
      for (const point of [
        { xPx: 40, yPx: 90 },
        { xPx: 120, yPx: 100 },
        { xPx: 60, yPx: 130 },
      ]) {
        expect(await isYellow(point)).toBe(true);
      }
      expect(await display.pixelAt(frame, { xPx: 80, yPx: 95 })).toEqual([40, 40, 40]);
      expect(await display.pixelAt(frame, { xPx: 160, yPx: 95 })).toEqual([40, 40, 40]);
    });

    it('each picture in its place, whatever its size, and in its true proportions', async () => {
      const widthPx = 128;
      const heightPx = 128;
      const payload = new Uint8Array(widthPx * heightPx).fill(10);
      for (let y = 0; y < heightPx; y += 1) payload[y * widthPx + 100] = 250;
      const spacing = { xMm: 0.1, yMm: 0.2 };
      const frame = sampleFrame(300, { widthPx, heightPx, payload, spacing });
      await display.show(frame, null);
      const viewport = await display.viewport(frame);
      expect(viewport.rect.h / viewport.rect.w).toBeCloseTo(2, 9);
      expect((await display.pixelAt(frame, { xPx: 100, yPx: 64 }))[0]).toBeGreaterThan(200);
      expect((await display.pixelAt(frame, { xPx: 97, yPx: 64 }))[0]).toBeLessThan(40);
    });

    it('padded, coloured and JPEG frames', async () => {
      const strideBytes = 200 * 4 + 12;
      const rgba = new Uint8Array(strideBytes * 160);
      for (let y = 0; y < 160; y += 1) {
        for (let x = 0; x < 200; x += 1) rgba.set([200, 100, 20, 0], y * strideBytes + x * 4);
      }
      const point = { xPx: 100, yPx: 80 };
      const raw = { payload: rgba, strideBytes };
      const rgbaFrame = sampleFrame(301, { ...raw, format: 'rgba8' });
      await display.show(rgbaFrame, null);
      expect(await display.pixelAt(rgbaFrame, point)).toEqual([200, 100, 20]);
      const bgraFrame = sampleFrame(302, { ...raw, format: 'bgra8' });
      await display.show(bgraFrame, null);
      expect(await display.pixelAt(bgraFrame, point)).toEqual([20, 100, 200]);
      const raster = { width: 200, height: 160, channels: 3, background: '#787878' } as const;
      const payload = await sharp({ create: raster }).jpeg().toBuffer();
      const jpeg = sampleFrame(303, { format: 'jpeg', strideBytes: 0, payload });
      await display.show(jpeg, null);
      expect(await display.pixelAt(jpeg, point)).toEqual([120, 120, 120]);
    });

    it('the marker on its side, or says that it is unknown', async () => {
      const mint = (pixels: Pixels, from: number, to: number, bottom: number): number => {
        let count = 0;
        for (let y = 0; y < bottom; y += 1) {
          for (let x = from; x < to; x += 1) {
            const [red, green, blue] = pixels.at(x, y);
            if (green > 180 && red < 150 && blue > 120 && blue < 200) count += 1;
          }
        }
        return count;
      };
      const seen = async (frameId: number, orientation: 'MF' | 'UF' | 'unknown') => {
        const frame = sampleFrame(frameId, { orientation });
        await display.show(frame, null);
        const { rect } = await display.viewport(frame);
        const pixels = await display.pixels();
        const middle = Math.floor(rect.x + rect.w / 2);
        const right = Math.floor(rect.x + rect.w);
        return {
          left: mint(pixels, Math.floor(rect.x), middle, Math.floor(rect.y)) > 40,
          right: mint(pixels, middle, right, Math.floor(rect.y)) > 40,
        };
      };
      expect(await seen(400, 'MF')).toEqual({ left: false, right: true });
      expect(await seen(401, 'UF')).toEqual({ left: true, right: false });
      // The words stand on the left; there is no dot.
      expect(await seen(402, 'unknown')).toEqual({ left: true, right: false });
    });
  },
);
