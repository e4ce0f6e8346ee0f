import type { GridSize } from './kernels.js';

/** Reference of `Kernels.backgroundDifference`. */
export function backgroundDifference(
  current: Uint8Array,
  background: Uint16Array,
  size: GridSize,
  shift: { readonly xPx: number; readonly yPx: number },
  weight: number,
  neutral: number,
  target: Uint8Array,
  next: Uint16Array,
): void {
  const { width, height } = size;
  const weight256 = Math.round(Math.max(0, Math.min(1, weight)) * 256);
  const xFirst = Math.min(Math.max(0, shift.xPx), width);
  const xLast = Math.max(xFirst, Math.min(width, width + shift.xPx));
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const from = y - shift.yPx;
    if (from < 0 || from >= height) {
      restart(current, row, row + width, neutral, target, next);
      continue;
    }
    restart(current, row, row + xFirst, neutral, target, next);
    restart(current, row + xLast, row + width, neutral, target, next);
    let j = from * width - shift.xPx + xFirst;
    for (let i = row + xFirst; i < row + xLast; i++) {
      const old = background[j];
      const gap = (current[i] << 8) - old;
      const value = neutral + ((gap + 128) >> 8);
      target[i] = Math.max(0, Math.min(255, value));
      next[i] = old + ((gap * weight256 + 128) >> 8);
      j++;
    }
  }
}

function restart(
  current: Uint8Array,
  from: number,
  to: number,
  neutral: number,
  target: Uint8Array,
  next: Uint16Array,
): void {
  for (let i = from; i < to; i++) {
    target[i] = neutral;
    next[i] = current[i] << 8;
  }
}
