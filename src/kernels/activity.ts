import type { GrayImage } from '../domain/frame.js';

/** A gray value that differs by this much from one a lag away is texture, not a flat area. */
export const ACTIVITY_CONTRAST = 2;

/** Reference of `Kernels.activity`. */
export function activity(image: GrayImage, lagPx: number, cellPx: number, cells: Uint8Array): void {
  const columns = Math.ceil(image.widthPx / cellPx);
  const rows = Math.ceil(image.heightPx / cellPx);
  const step = Math.max(1, cellPx >> 2);
  const { data, strideBytes, widthPx, heightPx } = image;
  for (let row = 0; row < rows; row++) {
    const yEnd = Math.min((row + 1) * cellPx, heightPx);
    for (let column = 0; column < columns; column++) {
      const xStart = column * cellPx;
      const xEnd = Math.min(xStart + cellPx, widthPx);
      let active = 0;
      let samples = 0;
      for (let y = row * cellPx; y < yEnd; y += step) {
        const line = y * strideBytes;
        const down = neighbour(y, lagPx, heightPx) * strideBytes;
        for (let x = xStart; x < xEnd; x += step) {
          const here = data[line + x];
          const right = data[line + x + neighbour(x, lagPx, widthPx)];
          const below = data[line + x + down];
          if (
            Math.abs(right - here) >= ACTIVITY_CONTRAST ||
            Math.abs(below - here) >= ACTIVITY_CONTRAST
          ) {
            active++;
          }
          samples++;
        }
      }
      cells[row * columns + column] = Math.round((255 * active) / samples);
    }
  }
}

/** Offset of the pixel to compare with: ahead, else behind, else the pixel itself. */
function neighbour(position: number, lag: number, length: number): number {
  if (position + lag < length) return lag;
  return position >= lag ? -lag : 0;
}

/** Reference of `Kernels.lineActivity`. */
export function lineActivity(
  image: GrayImage,
  lagPx: number,
  from: number,
  length: number,
  step: number,
): number {
  let active = 0;
  for (let index = 0; index < length - lagPx; index++) {
    const here = image.data[from + index * step];
    const ahead = image.data[from + (index + lagPx) * step];
    if (Math.abs(ahead - here) >= ACTIVITY_CONTRAST) active++;
  }
  return active / Math.max(1, length - lagPx);
}
