import type { GrayImage, Reduction } from '../domain/frame.js';
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

/** A line through votes, and the piece of it that is supported. Cells. */
export interface LineFit {
  /** A point of the line. */
  readonly x: number;
  readonly y: number;
  /** Unit vector. */
  readonly directionX: number;
  readonly directionY: number;
  /**
   * The longest run of votes without a large gap, as positions along the direction from the point.
   */
  readonly from: number;
  readonly to: number;
  readonly inliers: number;
  /** Root mean square distance of the inliers. */
  readonly spread: number;
}

/** What the texture of an image is judged by. */
export interface TextureSums {
  /** Pairs of horizontal neighbours with echo: of both at least gray level 12. */
  readonly pixels: number;
  /** Of the left one of each pair: its gray levels, and their squares. */
  readonly levels: number;
  readonly squares: number;
  /** Squares of the pairs' differences. */
  readonly changes: number;
  /** Blocks with a mean of at least 30 and nothing below 4. */
  readonly litBlocks: number;
  /** Those of them whose gray levels change by less than 1.5 to the right and down together. */
  readonly evenBlocks: number;
}

/** Probabilities of the classes of each cell. */
export interface ClassScores {
  /** The most probable class of each cell. */
  readonly labels: Uint8Array;
  /** Of each class, [classes, cells]. */
  readonly probabilities: Float32Array;
  /** Of the winner and of the runner-up; 0 where there is no other class. */
  readonly best: Float32Array;
  readonly second: Float32Array;
}

/**
 * The loops over pixels and cells that the pipeline spends its time in.
 *
 * The TypeScript reference (`reference-kernels.ts`) is the specification; native code has to give
 * the same results and is chosen in one place (`select-kernels.ts`). Every buffer is supplied by
 * the caller, so that a frame allocates nothing here. A kernel knows no stage, no manifest and no
 * time.
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
   * Decodes a baseline JPEG of one component and exactly this size into `target` (row-major,
   * tight), `reduction` times smaller in each direction (⌈size / reduction⌉): that many pixels of a
   * block of 8 × 8 become one while it is transformed. False where it does not, for whatever
   * reason: it is colour, progressive, damaged, of another size, or this machine has no decoder.
   * The caller then asks its image library, which gives the same pixels at full size, or says what
   * is wrong.
   */
  decodeGrayJpeg(
    payload: Uint8Array,
    size: GridSize,
    reduction: Reduction,
    target: Uint8Array,
  ): boolean;

  /**
   * The region-of-interest scan: share (0 to 255) of the pixels of each square cell of `cellPx`
   * pixels (of every ⌊cellPx / 4⌋-th in both directions) that differ by at least 2 gray levels from
   * the pixel `lagPx` to the right or below; where there is none, to the left or above; where there
   * is none either, they do not differ. `cells` is row-major, ⌈width / cellPx⌉ × ⌈height / cellPx⌉;
   * lagPx ≥ 1.
   */
  activity(image: GrayImage, lagPx: number, cellPx: number, cells: Uint8Array): void;

  /**
   * Share (0 to 1) of the pixels of a row or column piece that differ by at least 2 gray levels
   * from the one `lagPx` further along. `from` = byte offset, `step` = bytes from pixel to pixel.
   */
  lineActivity(image: GrayImage, lagPx: number, from: number, length: number, step: number): number;

  /** Resizes the plan's source rectangle into its placement in `target` (row-major, tight). */
  resize(source: GrayImage, rect: RectPx, plan: ResizePlan, target: Uint8Array): void;

  /** Fills a pyramid from an image of its base size. */
  buildPyramid(image: Uint8Array, pyramid: ShiftPyramid): void;

  /**
   * Adds up the texture of every second block of 8 × 8 pixels, as on a chess board, inside the
   * placement; pairs within 7 × 7 pixels of each. `intensity` is `widthPx` wide.
   */
  textureSums(intensity: Uint8Array, widthPx: number, placement: RectPx): TextureSums;

  /** Estimates the global shift between two pyramids of the same size, sub-pixel. */
  estimateShift(previous: ShiftPyramid, current: ShiftPyramid): GlobalShift;

  /**
   * target = neutral + gain × (current − previous moved by the shift), rounded and clipped to
   * 0…255; `neutral` where the moved previous image does not reach.
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
   * One step of the slow background. Moves `background` (gray × 256) by whole pixels, writes target
   * = neutral + (current − moved background), clipped, and writes moved background + weight ×
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

  /**
   * Softmax of logits [channels, cells] whose channels are counted together by class: `classOf` has
   * the class of each channel, less than the number of classes in `target`, which also says how
   * many cells there are. The first of equal classes wins. Exponentials are exact to 11 digits;
   * channels 16 or more below a cell's largest logit count as nothing. Cells with logits that are
   * no finite numbers have no meaningful result.
   */
  scoreClasses(logits: Float32Array, classOf: Uint8Array, target: ClassScores): void;

  /**
   * Finds local maxima of at least `threshold`, strongest first, at most `peaks.length`; writes
   * their cell indices and returns how many there are.
   */
  findPeaks(values: Float32Array, size: GridSize, threshold: number, peaks: Int32Array): number;

  /**
   * Numbers the 4-connected components of equal non-zero labels from 1 into `components` (0 where
   * the label is 0) in the order of their first cells, and returns their number. `stack` is scratch
   * for as many cells as the grid has.
   */
  labelComponents(
    labels: Uint8Array,
    size: GridSize,
    components: Int32Array,
    stack: Int32Array,
  ): number;

  /**
   * Traces the outer border of the 4-connected positive region of `field` that has `startCell` as
   * its first cell in row order. Points (x, y alternating, in cells, cell centres at integers) lie
   * where the field crosses zero between an inside and an outside cell; at the grid's edge half a
   * cell outside. Clockwise on the screen. Returns the number of points; stops when `points` is
   * full.
   */
  traceContour(
    field: Float32Array,
    size: GridSize,
    startCell: number,
    points: Float32Array,
  ): number;

  /**
   * Marks in `keep` the points of a closed polygon that have to stay so that no point is farther
   * than `tolerance` from it; returns how many stay.
   */
  simplifyContour(points: Float32Array, count: number, tolerance: number, keep: Uint8Array): number;

  /**
   * Fits a line to votes of four numbers each: x, y, angle (rad, modulo π), weight. Null when fewer
   * than four agree. `scratch` holds at least as many numbers as there are votes, and at least 256.
   */
  fitLine(votes: Float32Array, count: number, scratch: Float32Array): LineFit | null;
}
