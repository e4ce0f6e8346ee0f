import { describe, expect, it } from 'vitest';
import { boxMeans, MEAN_RADIUS_PX } from '../../../src/pipeline/spread/box-means.js';

const size = { widthPx: 7, heightPx: 5 };
const image = Uint8Array.from({ length: 35 }, (_, at) => (at * 37) % 251);

function meanAt(x: number, y: number): number {
  const values: number[] = [];
  image.forEach((value, at) => {
    const dx = Math.abs((at % 7) - x);
    if (dx <= MEAN_RADIUS_PX && Math.abs(Math.floor(at / 7) - y) <= MEAN_RADIUS_PX)
      values.push(value);
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('means over squares', () => {
  it('are cut off at the edges of the image', () => {
    const buffers = { means: new Float32Array(35), rowSums: new Int32Array(35) };
    boxMeans(image, size, { xPx: 0, yPx: 0, widthPx: 7, heightPx: 5 }, 1, buffers);
    for (let at = 0; at < 35; at++) {
      expect(buffers.means[at]).toBeCloseTo(meanAt(at % 7, Math.floor(at / 7)), 3);
    }
  });

  it('are taken at every second pixel of a part, of the whole squares round it', () => {
    const buffers = { means: new Float32Array(35).fill(-1), rowSums: new Int32Array(35) };
    boxMeans(image, size, { xPx: 1, yPx: 2, widthPx: 4, heightPx: 3 }, 2, buffers);
    const wanted = new Map([1, 3].flatMap((x) => [2, 4].map((y) => [y * 7 + x, meanAt(x, y)])));
    buffers.means.forEach((mean, at) => {
      expect(mean).toBeCloseTo(wanted.get(at) ?? -1, 3);
    });
  });
});
