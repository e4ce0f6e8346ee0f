import type { GrayImage } from '../../src/domain/frame.js';

/** A seeded generator of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** A gray image filled by a function of the pixel. */
export function imageOf(
  widthPx: number,
  heightPx: number,
  valueAt: (x: number, y: number) => number,
): GrayImage {
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = valueAt(x, y);
  }
  return { widthPx, heightPx, strideBytes: widthPx, data };
}

/** A smooth random texture that can be looked at with sub-pixel shifts, about 0 to 255. */
export function createTexture(seed: number): (x: number, y: number) => number {
  const random = seededRandom(seed);
  const side = 512;
  const noise = Float32Array.from({ length: side * side }, () => -Math.log(1 - random()));
  const smooth = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let j = -2; j <= 2; j++) {
        for (let i = -2; i <= 2; i++) {
          sum += noise[((y + j + side) % side) * side + ((x + i + side) % side)] as number;
        }
      }
      smooth[y * side + x] = Math.min(255, (sum / 25) * 90);
    }
  }
  const at = (x: number, y: number): number =>
    smooth[(((y % side) + side) % side) * side + (((x % side) + side) % side)] as number;
  return (x, y) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const upper = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const lower = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}
