import type { RectPx } from '../domain/geometry.js';
import type { TextureSums } from './kernels.js';

/** Side of a block, pixels. Every second block is looked at, as on a chess board. */
const BLOCK = 8;
/** Gray levels below this are no echo. */
const LIT = 12;
/** A block is lit when its mean is at least this and nothing in it is black. */
const LIT_MEAN = 30;
const BLACK = 4;
/** A block is even when the mean change to the right plus the mean change downwards is below. */
const EVEN_CHANGE = 1.5;

/** Reference of `Kernels.textureSums`. */
export function textureSums(
  intensity: Uint8Array,
  widthPx: number,
  placement: RectPx,
): TextureSums {
  const sums = { pixels: 0, levels: 0, squares: 0, changes: 0, litBlocks: 0, evenBlocks: 0 };
  const { xPx, yPx } = placement;
  const right = xPx + placement.widthPx - BLOCK;
  const bottom = yPx + placement.heightPx - BLOCK;
  for (let y = yPx, row = 0; y <= bottom; y += BLOCK, row++) {
    for (let x = xPx + (row & 1) * BLOCK; x <= right; x += 2 * BLOCK) {
      addBlock(intensity, widthPx, y * widthPx + x, sums);
    }
  }
  return sums;
}

function addBlock(
  intensity: Uint8Array,
  widthPx: number,
  start: number,
  sums: { -readonly [Sum in keyof TextureSums]: TextureSums[Sum] },
): void {
  let total = 0;
  let change = 0;
  let darkest = 255;
  for (let row = 0; row < BLOCK - 1; row++) {
    for (let i = start + row * widthPx, end = i + BLOCK - 1; i < end; i++) {
      const level = intensity[i];
      const next = intensity[i + 1];
      const step = next - level;
      total += level;
      change += Math.abs(step) + Math.abs(intensity[i + widthPx] - level);
      if (level < darkest) darkest = level;
      if (level < LIT || next < LIT) continue;
      sums.pixels++;
      sums.levels += level;
      sums.squares += level * level;
      sums.changes += step * step;
    }
  }
  const pixels = (BLOCK - 1) * (BLOCK - 1);
  if (darkest < BLACK || total < LIT_MEAN * pixels) return;
  sums.litBlocks++;
  if (change < EVEN_CHANGE * pixels) sums.evenBlocks++;
}
