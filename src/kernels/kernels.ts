import type { GrayImage } from '../domain/frame.js';
import type { RectPx } from '../domain/geometry.js';
import type { ResizePlan } from './resize-plan.js';
import type { ShiftPyramid } from './shift-pyramid.js';

/** Byte order of a four-channel pixel. */
export type ColourOrder = 'rgba' | 'bgra';

/** Size of a row-major grid without padding. */
export interface GridSize {
  readonly width: number;
  readonly height: number;
}

/** Displacement of the tissue between two images, in their pixels. */
export interface GlobalShift {
  /** Where tissue moved: current(x, y) ≈ previous(x − xPx, y − yPx). */
  readonly xPx: number;
  readonly yPx: number;
  /** False when nothing could be matched; the shift is then 0, 0. */
  readonly isReliable: boolean;
}

/**
 * The loops over pixels and cells that the pipeline spends its time in.
 *
 * The TypeScript reference (`reference-kernels.ts`) is the specification; native code has to give
 * the same results and is chosen in one place (`select-kernels.ts`). Every buffer is supplied by the
 * caller, so that a frame allocates nothing here. A kernel knows no stage, no manifest and no time.
 */
export interface Kernels {
  /** Luma (BT.601) of four-byte pixels into a tight gray image; alpha is ignored. */
  grayFromColour(
    source: Uint8Array,
    sourceStrideBytes: number,
    size: GridSize,
    order: ColourOrder,
    target: Uint8Array,
  ): void;

  /**
   * The region-of-interest scan: share (0 to 255) of the pixels of each square cell of `cellPx`
   * pixels that differ by at least 2 gray levels from the pixel `lagPx` to the right or below.
   * `cells` is row-major, ⌈width / cellPx⌉ × ⌈height / cellPx⌉; 1 ≤ lagPx < width, height.
   */
  activity(image: GrayImage, lagPx: number, cellPx: number, cells: Uint8Array): void;

  /**
   * Share (0 to 1) of the pixels of a row or column piece that differ by at least 2 gray levels from
   * the one `lagPx` further along. `from` = byte offset, `step` = bytes from pixel to pixel.
   */
  lineActivity(image: GrayImage, lagPx: number, from: number, length: number, step: number): number;

  /** Resizes the plan's source rectangle into its placement in `target` (row-major, tight). */
  resize(source: GrayImage, rect: RectPx, plan: ResizePlan, target: Uint8Array): void;

  /** Fills a pyramid from an image of its base size. */
  buildPyramid(image: Uint8Array, pyramid: ShiftPyramid): void;

  /** Estimates the global shift between two pyramids of the same size, sub-pixel. */
  estimateShift(previous: ShiftPyramid, current: ShiftPyramid): GlobalShift;

  /**
   * target = neutral + gain × (current − previous moved by the shift), rounded and clipped to 0…255;
   * `neutral` where the moved previous image does not reach.
   */
  shiftedDifference(
    current: Uint8Array,
    previous: Uint8Array,
    size: GridSize,
    shift: { readonly xPx: number; readonly yPx: number },
    gain: number,
    neutral: number,
    target: Uint8Array,
  ): void;

  /**
   * One step of the slow background. Moves `background` (gray × 256) by whole pixels, writes
   * target = neutral + (current − moved background), clipped, and writes moved background + weight ×
   * (current − moved background) to `next`. Where the moved background does not reach, `next` takes
   * the current value and `target` is neutral. `weight` is 0 to 1; `background` ≠ `next`.
   */
  backgroundDifference(
    current: Uint8Array,
    background: Uint16Array,
    size: GridSize,
    shift: { readonly xPx: number; readonly yPx: number },
    weight: number,
    neutral: number,
    target: Uint8Array,
    next: Uint16Array,
  ): void;
}
