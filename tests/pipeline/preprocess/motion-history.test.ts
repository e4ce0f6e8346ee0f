import { describe, expect, it } from 'vitest';
import { backgroundWeight, shortGain } from '../../../src/pipeline/preprocess/motion-history.js';

describe('shortGain', () => {
  it('is 1 at 30 frames a second, and the inverse of the interval around it', () => {
    expect(shortGain(1000 / 30)).toBeCloseTo(1);
    expect(shortGain(1000 / 15)).toBeCloseTo(0.5);
    expect(shortGain(1000 / 60)).toBeCloseTo(2);
  });

  it('is bounded, for very short and very long intervals', () => {
    expect(shortGain(0.01)).toBe(2);
    expect(shortGain(400)).toBe(0.25);
  });
});

describe('backgroundWeight', () => {
  it('is a plain mean of the first frames', () => {
    let mean = 10;
    const values = [20, 30, 40];
    values.forEach((value, index) => {
      mean += backgroundWeight(33, 33 * index) * (value - mean);
    });
    expect(mean).toBeCloseTo(25);
  });

  it('decays with one second, whatever the frame rate', () => {
    const left = (intervalMs: number): number => {
      let rest = 1;
      for (let t = 0; t < 2000; t += intervalMs) rest *= 1 - backgroundWeight(intervalMs, 1e6);
      return rest;
    };
    expect(left(20)).toBeCloseTo(Math.exp(-2), 3);
    expect(left(100)).toBeCloseTo(Math.exp(-2), 3);
  });
});
