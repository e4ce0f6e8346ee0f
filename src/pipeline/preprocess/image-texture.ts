import type { RectPx } from '../../domain/geometry.js';
import type { Kernels, TextureSums } from '../../kernels/kernels.js';

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

/** Fewer pixels or blocks than this say nothing. */
const PIXELS_MIN = 2500;
const BLOCKS_MIN = 32;
/** A variance below this is none. */
const VARIANCE_MIN = 1;

/**
 * Measures the texture of the intensity channel inside its placement.
 *
 * @param intensity - row-major, `widthPx` wide
 */
export function measureTexture(
  intensity: Uint8Array,
  widthPx: number,
  placement: RectPx,
  kernels: Kernels,
): ImageTexture {
  const sums = kernels.textureSums(intensity, widthPx, placement);
  return {
    neighbourCorrelation: correlationOf(sums),
    evenShare: sums.litBlocks < BLOCKS_MIN ? 0 : sums.evenBlocks / sums.litBlocks,
  };
}

/** For neighbours of equal variance, 1 − E[(a − b)²] / (2 Var) is their correlation. */
function correlationOf({ pixels, levels, squares, changes }: TextureSums): number {
  if (pixels < PIXELS_MIN) return 1;
  const mean = levels / pixels;
  const variance = squares / pixels - mean * mean;
  return variance < VARIANCE_MIN ? 0 : 1 - changes / pixels / (2 * variance);
}
