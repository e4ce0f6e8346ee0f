import type { RectPx } from '../../domain/geometry.js';

/** What the gray levels of an image are like, whatever it shows. */
export interface ImageTexture {
  /**
   * Correlation of horizontal neighbours where there is echo, at most 1. Ultrasound is smooth along
   * a row, because a beam is wide: 0.7 and more. Noise has about 0, text 0.3 to 0.5. 1 where the
   * image is too dark to say.
   */
  readonly neighbourCorrelation: number;
  /**
   * Share of the blocks in lit parts whose gray levels hardly change from pixel to pixel, 0 to 1.
   * Speckle leaves few such blocks; photographs, drawings and tomograms are full of them. 0 where
   * there are too few lit blocks to say.
   */
  readonly evenShare: number;
}

/** Side of a block, tensor pixels. Every second block is looked at, as on a chess board. */
const BLOCK = 8;
/** Gray levels below this are no echo. */
const LIT = 12;
/** A block is lit when its mean is at least this and nothing in it is black. */
const LIT_MEAN = 30;
const BLACK = 4;
/** A block is even when the mean change to the right plus the mean change downwards is below. */
const EVEN_CHANGE = 1.5;
/** Fewer pixels or blocks than this say nothing. */
const PIXELS_MIN = 2500;
const BLOCKS_MIN = 32;
/** A variance below this is none. */
const VARIANCE_MIN = 1;

interface Sums {
  pixels: number;
  levels: number;
  squares: number;
  changes: number;
  litBlocks: number;
  evenBlocks: number;
}

/**
 * Measures the texture of the intensity channel inside its placement. About 0.1 ms on 256 × 256.
 *
 * @param intensity - row-major, `widthPx` wide
 */
export function measureTexture(
  intensity: Uint8Array,
  widthPx: number,
  placement: RectPx,
): ImageTexture {
  const sums: Sums = {
    pixels: 0,
    levels: 0,
    squares: 0,
    changes: 0,
    litBlocks: 0,
    evenBlocks: 0,
  };
  const { xPx, yPx } = placement;
  const right = xPx + placement.widthPx - BLOCK;
  const bottom = yPx + placement.heightPx - BLOCK;
  for (let y = yPx, row = 0; y <= bottom; y += BLOCK, row++) {
    for (let x = xPx + (row & 1) * BLOCK; x <= right; x += 2 * BLOCK) {
      addBlock(intensity, widthPx, y * widthPx + x, sums);
    }
  }
  return {
    neighbourCorrelation: correlationOf(sums),
    evenShare: sums.litBlocks < BLOCKS_MIN ? 0 : sums.evenBlocks / sums.litBlocks,
  };
}

function addBlock(intensity: Uint8Array, widthPx: number, start: number, sums: Sums): void {
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

/** For neighbours of equal variance, 1 − E[(a − b)²] / (2 Var) is their correlation. */
function correlationOf({ pixels, levels, squares, changes }: Sums): number {
  if (pixels < PIXELS_MIN) return 1;
  const mean = levels / pixels;
  const variance = squares / pixels - mean * mean;
  return variance < VARIANCE_MIN ? 0 : 1 - changes / pixels / (2 * variance);
}
