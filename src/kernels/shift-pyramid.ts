import { assert } from '../domain/assert.js';

/** One level of a pyramid: a tight gray image. */
export interface PyramidLevel {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An image and its halvings (256, 128, 64, 32), for the estimate of global motion. */
export interface ShiftPyramid {
  /** Level 0 is the image itself; each further level has half the size. */
  readonly levels: readonly PyramidLevel[];
}

/** Number of levels; the coarsest has an eighth of the size. */
const LEVELS = 4;

/** Makes an empty pyramid for images of this size; sides of at least 32 pixels. */
export function createShiftPyramid(width: number, height: number): ShiftPyramid {
  assert(width >= 32 && height >= 32, 'the motion estimate needs images of at least 32 × 32');
  const levels: PyramidLevel[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const w = width >> level;
    const h = height >> level;
    levels.push({ width: w, height: h, data: new Uint8Array(w * h) });
  }
  return { levels };
}

/** Reference of `Kernels.buildPyramid`. */
export function buildPyramid(image: Uint8Array, pyramid: ShiftPyramid): void {
  const base = pyramid.levels[0];
  base.data.set(image.subarray(0, base.data.length));
  for (let level = 1; level < pyramid.levels.length; level++) {
    halve(pyramid.levels[level - 1], pyramid.levels[level]);
  }
}

function halve(source: PyramidLevel, target: PyramidLevel): void {
  let out = 0;
  for (let y = 0; y < target.height; y++) {
    let upper = 2 * y * source.width;
    let lower = upper + source.width;
    for (let x = 0; x < target.width; x++) {
      const sum =
        source.data[upper] + source.data[upper + 1] + source.data[lower] + source.data[lower + 1];
      target.data[out] = (sum + 2) >> 2;
      out++;
      upper += 2;
      lower += 2;
    }
  }
}
