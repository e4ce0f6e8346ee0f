import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';

const size = { width: 8, height: 8 };

function mapWith(...peaks: readonly (readonly [number, number])[]): Float32Array {
  const map = new Float32Array(64).fill(-5);
  for (const [cell, value] of peaks) map[cell] = value;
  return map;
}

describe('findPeaks', () => {
  it('lists the strongest peaks first and no more than asked for', () => {
    const peaks = new Int32Array(2);
    const count = kernels.findPeaks(mapWith([9, 1], [30, 3], [60, 2]), size, 0, peaks);
    expect(count).toBe(2);
    expect([...peaks]).toEqual([30, 60]);
  });

  it('ignores slopes, and values below the threshold', () => {
    const peaks = new Int32Array(3);
    const count = kernels.findPeaks(mapWith([9, 2], [10, 1.5], [50, -1]), size, 0, peaks);
    expect(count).toBe(1);
    expect(peaks[0]).toBe(9);
  });

  it('counts a plateau once and finds peaks in corners', () => {
    const peaks = new Int32Array(5);
    const count = kernels.findPeaks(
      mapWith([0, 4], [27, 2], [28, 2], [35, 2], [63, 1]),
      size,
      0,
      peaks,
    );
    expect(count).toBe(3);
    expect([...peaks.subarray(0, 3)]).toEqual([0, 27, 63]);
  });

  it('finds nothing in a map of NaN', () => {
    const map = new Float32Array(64).fill(Number.NaN);
    expect(kernels.findPeaks(map, size, 0, new Int32Array(3))).toBe(0);
  });
});
