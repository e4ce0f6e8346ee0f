import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';

describe('grayFromColour', () => {
  it('keeps the value of gray pixels exactly', () => {
    const source = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 9 : i >> 2));
    const target = new Uint8Array(256);
    kernels.grayFromColour(source, 1024, { width: 256, height: 1 }, 'rgba', target);
    expect([...target]).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('weighs green most and blue least, whatever the byte order', () => {
    const target = new Uint8Array(3);
    const size = { width: 3, height: 1 };
    const pixels = [255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0];
    kernels.grayFromColour(Uint8Array.from(pixels), 12, size, 'rgba', target);
    expect([...target]).toEqual([77, 149, 29]);
    kernels.grayFromColour(Uint8Array.from(pixels), 12, size, 'bgra', target);
    expect([...target]).toEqual([29, 149, 77]);
  });

  it('skips the padding at the end of rows', () => {
    const source = new Uint8Array(2 * 12).fill(200);
    source.fill(50, 0, 8);
    source.fill(60, 12, 20);
    const target = new Uint8Array(4);
    kernels.grayFromColour(source, 12, { width: 2, height: 2 }, 'rgba', target);
    expect([...target]).toEqual([50, 50, 60, 60]);
  });
});
