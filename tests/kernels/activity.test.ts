import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { imageOf, seededRandom } from '../support/speckle-image.js';

describe('activity', () => {
  it('is none on flat areas of any brightness and full on texture', () => {
    const random = seededRandom(1);
    const image = imageOf(32, 16, (x) => (x < 16 ? 200 : 60 + 80 * random()));
    const cells = new Uint8Array(8);
    kernels.activity(image, 1, 8, cells);
    expect(cells[0]).toBe(0);
    expect(cells[4]).toBe(0);
    expect(cells[3]).toBeGreaterThan(220);
    expect(cells[7]).toBeGreaterThan(220);
  });

  it('covers cells that the image only partly fills', () => {
    const random = seededRandom(2);
    const cells = new Uint8Array(4).fill(9);
    kernels.activity(
      imageOf(11, 13, () => 255 * random()),
      1,
      8,
      cells,
    );
    expect([...cells].every((share) => share > 200)).toBe(true);
  });

  it('is measured along rows and columns alike', () => {
    const image = imageOf(8, 8, (x) => 10 * x);
    expect(kernels.lineActivity(image, 1, 8, 8, 1)).toBe(1);
    expect(kernels.lineActivity(image, 1, 3, 8, 8)).toBe(0);
  });
});
