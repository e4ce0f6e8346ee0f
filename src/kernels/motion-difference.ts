import type { GridSize } from './kernels.js';

/** Shifts below this many pixels are not worth an interpolation, which would blur. */
const SHIFT_MIN_PX = 0.03;
/** Gain-and-clip table for differences −255…255, refilled when its parameters change. */
const table = new Uint8Array(511);
let tableGain = Number.NaN;
let tableNeutral = Number.NaN;

/** Reference of `Kernels.shiftedDifference`. Linear interpolation, weights in 1/256. */
export function shiftedDifference(
  current: Uint8Array,
  previous: Uint8Array,
  size: GridSize,
  shift: { readonly xPx: number; readonly yPx: number },
  gain: number,
  neutral: number,
  target: Uint8Array,
): void {
  prepareTable(gain, neutral);
  if (Math.abs(shift.xPx) < SHIFT_MIN_PX && Math.abs(shift.yPx) < SHIFT_MIN_PX) {
    for (let i = 0; i < current.length; i++) {
      target[i] = table[current[i] - previous[i] + 255];
    }
    return;
  }
  interpolatedDifference(current, previous, size, shift, neutral, target);
}

function interpolatedDifference(
  current: Uint8Array,
  previous: Uint8Array,
  size: GridSize,
  shift: { readonly xPx: number; readonly yPx: number },
  neutral: number,
  target: Uint8Array,
): void {
  const { width, height } = size;
  const wholeX = Math.floor(-shift.xPx);
  const wholeY = Math.floor(-shift.yPx);
  const fx = Math.round(256 * (-shift.xPx - wholeX));
  const fy = Math.round(256 * (-shift.yPx - wholeY));
  const w11 = (fx * fy + 128) >> 8;
  const w01 = fx - w11;
  const w10 = fy - w11;
  const w00 = 256 - fx - fy + w11;
  const xFirst = Math.min(Math.max(0, -wholeX), width);
  const xLast = Math.max(xFirst, Math.min(width, width - 1 - wholeX));
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const from = y + wholeY;
    if (from < 0 || from + 1 >= height) {
      target.fill(neutral, row, row + width);
      continue;
    }
    target.fill(neutral, row, row + xFirst);
    target.fill(neutral, row + xLast, row + width);
    let j = from * width + wholeX + xFirst;
    let upper = previous[j];
    let lower = previous[j + width];
    for (let x = xFirst; x < xLast; x++) {
      j++;
      const upperNext = previous[j];
      const lowerNext = previous[j + width];
      const moved = (w00 * upper + w01 * upperNext + w10 * lower + w11 * lowerNext + 128) >> 8;
      target[row + x] = table[current[row + x] - moved + 255];
      upper = upperNext;
      lower = lowerNext;
    }
  }
}

function prepareTable(gain: number, neutral: number): void {
  if (gain === tableGain && neutral === tableNeutral) return;
  for (let difference = -255; difference <= 255; difference++) {
    const value = Math.round(neutral + gain * difference);
    table[difference + 255] = Math.max(0, Math.min(255, value));
  }
  tableGain = gain;
  tableNeutral = neutral;
}
