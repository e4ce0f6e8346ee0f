import type { GrayImage } from '../../../src/domain/frame.js';
import { createSpeckleTile, readTile } from '../../../src/phantom/composite/speckle-tile.js';
import { createRandom } from '../../../src/phantom/random.js';

/** Where the echo data of `testStill` is. */
export const STILL_ECHO = { xPx: 60, yPx: 40, widthPx: 300, heightPx: 240 };

/** A stand-in for a real still: speckle and two bright layers in a rectangle, a menu beside it. */
export function testStill(seed: number): GrayImage {
  const widthPx = 440;
  const heightPx = 320;
  const data = new Uint8Array(widthPx * heightPx);
  const tile = createSpeckleTile(createRandom(seed), 2, 1.2);
  const { xPx, yPx } = STILL_ECHO;
  for (let y = 0; y < STILL_ECHO.heightPx; y++) {
    for (let x = 0; x < STILL_ECHO.widthPx; x++) {
      const layer = Math.exp(-(((y - 70) / 2) ** 2)) + Math.exp(-(((y - 150 - 0.1 * x) / 2) ** 2));
      const level = 55 + 110 * Math.min(1, layer) + 16 * readTile(tile, x, y);
      data[(y + yPx) * widthPx + x + xPx] = Math.min(255, Math.max(0, level));
    }
  }
  for (let y = 20; y < 300; y++) data.fill(58, y * widthPx + 380, y * widthPx + 435);
  for (let y = 60; y < 64; y++) data.fill(220, y * widthPx + 390, y * widthPx + 420);
  return { widthPx, heightPx, strideBytes: widthPx, data };
}
