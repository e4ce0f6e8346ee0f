import type { GridSize } from '../../kernels/kernels.js';

/** Every fourth pixel of every fourth row is looked at. */
const STEP = 4;
/** Largest minus smallest component from which a pixel is strongly coloured: flow, not a tint. */
const STRONG = 80;
/** Below this a pixel counts as gray. */
const GRAY = 24;
/** Largest component from which a pixel is lit. */
const LIT = 40;
/** In a gray image at least this share of the lit pixels is gray. */
const GRAY_SHARE_MIN = 0.3;

/**
 * Share of an image's pixels that are strongly coloured although the image is gray, 0 to 1: colour
 * flow, elastography, drawings over the image. A gray map with a tint (sepia, blue) colours every
 * pixel and counts as none. About 0.1 ms on 1280 × 720.
 *
 * @param data - four bytes a pixel, the colours first, in either order
 */
export function colourShare(
  data: Uint8Array,
  strideBytes: number,
  { width, height }: GridSize,
): number {
  let samples = 0;
  let strong = 0;
  let lit = 0;
  let gray = 0;
  for (let y = 0; y < height; y += STEP) {
    const row = y * strideBytes;
    for (let x = 0; x < width; x += STEP) {
      const pixel = row + 4 * x;
      const a = data[pixel];
      const b = data[pixel + 1];
      const c = data[pixel + 2];
      const most = Math.max(a, b, c);
      const spread = most - Math.min(a, b, c);
      samples++;
      if (spread >= STRONG) strong++;
      if (most < LIT) continue;
      lit++;
      if (spread < GRAY) gray++;
    }
  }
  return gray >= GRAY_SHARE_MIN * lit ? strong / samples : 0;
}
