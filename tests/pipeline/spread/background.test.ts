import { describe, expect, it } from 'vitest';
import { backgroundOf } from '../../../src/pipeline/spread/background.js';
import { roomFor } from '../../../src/pipeline/spread/spread-room.js';
import { picture, SIDE_PX } from './injected-pictures.js';

/** A picture of one level, and its difference from the second before. */
function plain(level: number, difference = 0) {
  const size = SIDE_PX * SIDE_PX;
  return {
    ...picture([]),
    intensity: new Uint8Array(size).fill(level),
    slow: new Uint8Array(size).fill(128 + difference),
  };
}

const roomOf = () => roomFor(null, { widthPx: SIDE_PX, heightPx: SIDE_PX });
const at = (x: number, y: number): number => y * SIDE_PX + x;

describe('the picture from before an injection', () => {
  it('is the mean of the second before', () => {
    const { mean } = backgroundOf(plain(90, 30), roomOf());
    expect(mean[at(100, 100)]).toBeCloseTo(60, 5);
  });

  it('ranges over what was there then and is there now', () => {
    const { low, high } = backgroundOf(plain(90, 30), roomOf());
    expect(low[at(100, 100)]).toBeCloseTo(60, 5);
    expect(high[at(100, 100)]).toBeCloseTo(90, 5);
  });

  it('ranges over the neighbouring pixels', () => {
    const step = plain(40);
    for (let pixel = 0; pixel < step.intensity.length; pixel++) {
      if (pixel % SIDE_PX >= 128) step.intensity[pixel] = 200;
    }
    const { mean, low, high } = backgroundOf(step, roomOf());
    for (const x of [120, 126, 128, 131, 140]) {
      expect(low[at(x, 60)]).toBeCloseTo(mean[at(x - 1, 60)] ?? 0, 5);
      expect(high[at(x, 60)]).toBeCloseTo(mean[at(x + 1, 60)] ?? 0, 5);
    }
  });

  it('is whole up to the edges of the picture', () => {
    const { mean, low, high } = backgroundOf(picture([]), roomOf());
    const isWithin = (pixel: number): boolean =>
      (low[pixel] ?? 1) <= (mean[pixel] ?? 0) && (high[pixel] ?? 0) >= (mean[pixel] ?? 1);
    const corners = [
      at(0, 0),
      at(SIDE_PX - 1, 0),
      at(0, SIDE_PX - 1),
      at(SIDE_PX - 1, SIDE_PX - 1),
    ];
    expect(corners.every(isWithin)).toBe(true);
  });
});
