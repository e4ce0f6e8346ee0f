import type { ColourOrder, GridSize } from './kernels.js';

/**
 * Reference of `Kernels.grayFromColour`. BT.601 weights in 1/256 (77, 150, 29), rounded: a gray
 * pixel keeps its value exactly.
 */
export function grayFromColour(
  source: Uint8Array,
  sourceStrideBytes: number,
  size: GridSize,
  order: ColourOrder,
  target: Uint8Array,
): void {
  const red = order === 'rgba' ? 0 : 2;
  const blue = 2 - red;
  let out = 0;
  for (let y = 0; y < size.height; y++) {
    let pixel = y * sourceStrideBytes;
    for (let x = 0; x < size.width; x++) {
      const sum = 77 * source[pixel + red] + 150 * source[pixel + 1] + 29 * source[pixel + blue];
      target[out] = (sum + 128) >> 8;
      out++;
      pixel += 4;
    }
  }
}
