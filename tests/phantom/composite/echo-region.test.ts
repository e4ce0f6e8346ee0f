import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../../src/domain/frame.js';
import { findEchoRegion } from '../../../src/phantom/composite/echo-region.js';
import { createRandom } from '../../../src/phantom/random.js';
import { STILL_ECHO, testStill } from './test-still.js';

describe('findEchoRegion', () => {
  it('finds the rectangle of echo data beside a menu', () => {
    const { bounds } = findEchoRegion(testStill(2));
    expect(Math.abs(bounds.xPx - STILL_ECHO.xPx)).toBeLessThanOrEqual(5);
    expect(Math.abs(bounds.yPx - STILL_ECHO.yPx)).toBeLessThanOrEqual(5);
    expect(Math.abs(bounds.widthPx - STILL_ECHO.widthPx)).toBeLessThanOrEqual(9);
    expect(Math.abs(bounds.heightPx - STILL_ECHO.heightPx)).toBeLessThanOrEqual(9);
  });

  it('finds a sector and leaves its corners out', () => {
    const random = createRandom(1);
    const data = new Uint8Array(400 * 300);
    for (let y = 0; y < 300; y++) {
      for (let x = 0; x < 400; x++) {
        const angle = Math.atan2(x - 200, y + 60);
        const radius = Math.hypot(x - 200, y + 60);
        const isIn = Math.abs(angle) < 0.55 && radius > 80 && radius < 340;
        if (isIn) data[y * 400 + x] = 40 + 40 * random.uniform();
      }
    }
    const region = findEchoRegion({ widthPx: 400, heightPx: 300, strideBytes: 400, data });
    expect(region.from[60]).toBeGreaterThan(100);
    expect(region.to[60]).toBeLessThan(300);
    expect(region.from[220]).toBeLessThan(80);
  });

  it('takes the whole image when nothing in it looks like echo data', () => {
    const image: GrayImage = {
      widthPx: 100,
      heightPx: 80,
      strideBytes: 100,
      data: new Uint8Array(8000).fill(70),
    };
    const { bounds } = findEchoRegion(image);
    expect(bounds).toEqual({ xPx: 0, yPx: 0, widthPx: 100, heightPx: 80 });
  });
});
