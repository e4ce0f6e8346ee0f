import type { Affine } from '../../domain/affine.js';
import type { GrayImage } from '../../domain/frame.js';
import type { PointPx, RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { StatefulStage } from '../stage.js';
import { type ImageTexture, measureTexture } from './image-texture.js';
import { blankOutside, type Letterbox, letterbox } from './letterbox.js';
import {
  backgroundWeight,
  createMotionHistory,
  INTERVAL_MAX_MS,
  type MotionHistory,
  shortGain,
} from './motion-history.js';
import { findRegionOfInterest, type RegionOfInterest } from './region-of-interest.js';

/** What one stream's frames are prepared against. */
export interface PreprocessState {
  /** 3 × height × width, planar: intensity, short difference, slow difference. */
  readonly tensor: Uint8Array;
  readonly history: MotionHistory;
  box: Letterbox | null;
  /** Size of the images `box` was made for. */
  imageWidthPx: number;
  imageHeightPx: number;
  /** When the region of interest was last looked for. */
  checkedAtUs: number;
}

/** One frame of a stream. */
export interface PreprocessInput {
  /** Orientation MF. */
  readonly image: GrayImage;
  /** null when unknown. */
  readonly spacing: Spacing | null;
  /** Where the tip was one frame ago, image pixels; null when no needle is being followed. */
  readonly previousTrack: { readonly tip: PointPx } | null;
}

/** The network's input and how it relates to the image. */
export interface PreprocessOutput {
  /** uint8 [3, height, width]; the state's own buffer, valid until the next step of that state. */
  readonly tensor: Uint8Array;
  readonly imageToTensor: Affine;
  /** In image pixels. */
  readonly regionOfInterest: RectPx;
  /** Outline of a sector in it, corners between pixels (`RegionOfInterest`); null for none. */
  readonly outline: readonly PointPx[] | null;
  /** mm per tensor pixel; null when the spacing is unknown. */
  readonly tensorSpacing: Spacing | null;
  /** Displacement of the tissue since the previous frame, tensor pixels; 0, 0 without history. */
  readonly tissueShiftPx: PointPx;
  /** False when the difference channels are neutral. */
  readonly hasHistory: boolean;
  /** True when the image has no content: a flat picture, a probe in the air. */
  readonly isFlat: boolean;
  readonly texture: ImageTexture;
}

/** What the stage needs to know of the network, and of the stream. */
export interface PreprocessOptions {
  readonly kernels: Kernels;
  /** Size of the network's input; sides of at least 32. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Value of the difference channels where nothing is known. */
  readonly neutral: number;
  /** Unrelated images: no motion channels, the region is found anew in each. Default false. */
  readonly stills?: boolean;
}

/** How often the region of interest is looked for again, µs; less often while a tip is followed. */
const RECHECK_US = 500_000;
const RECHECK_FOLLOWING_US = 2_000_000;
/** The region grows when a new one sticks out by more than this share of the image. */
const GROWTH_SHARE = 0.03;
/** Standard deviation of gray levels below which an image is flat. */
const FLAT_DEVIATION = 1.5;
const NO_SHIFT: PointPx = { xPx: 0, yPx: 0 };

/**
 * Makes the stage that turns an image into the network's input.
 *
 * Per stream it keeps the region of interest (which only grows within a track epoch: a change of
 * scale costs the motion history) and what the difference channels compare with. The same code
 * makes the training set, so that the network sees in use what it saw in training.
 */
export function createPreprocess(
  options: PreprocessOptions,
): StatefulStage<PreprocessState, PreprocessInput, PreprocessOutput> {
  const { kernels, widthPx, heightPx, neutral } = options;
  const isStill = options.stills ?? false;
  const plane = widthPx * heightPx;
  return {
    createState: () => ({
      tensor: new Uint8Array(3 * plane),
      history: createMotionHistory(widthPx, heightPx),
      box: null,
      imageWidthPx: 0,
      imageHeightPx: 0,
      checkedAtUs: 0,
    }),
    step: (state, input, nowUs) => {
      const box = updateBox(state, input, nowUs, options);
      const { tensor } = state;
      const intensity = tensor.subarray(0, plane);
      kernels.resize(input.image, box.region.rect, box.plan, intensity);
      if (box.rowSpans !== null) blankOutside(box.rowSpans, intensity, widthPx, heightPx);
      const elapsedMs = elapsedSince(state.history, nowUs);
      const hasHistory = elapsedMs !== null && !isStill;
      if (!hasHistory) tensor.fill(neutral, plane);
      const shift = isStill ? NO_SHIFT : takeIn(state, intensity, elapsedMs, options);
      state.history.lastTimeUs = nowUs;
      return {
        tensor,
        imageToTensor: box.imageToTensor,
        regionOfInterest: box.region.rect,
        outline: box.region.outline,
        tensorSpacing: tensorSpacingOf(input.spacing, box.imageToTensor),
        tissueShiftPx: shift,
        hasHistory,
        isFlat: isFlat(intensity, box),
        texture: measureTexture(intensity, widthPx, box.plan.placement),
      };
    },
  };
}

/** Time since the previous frame, ms; null when the two frames may not be compared. */
function elapsedSince(history: MotionHistory, nowUs: number): number | null {
  if (history.lastTimeUs === null) return null;
  const elapsedMs = (nowUs - history.lastTimeUs) / 1000;
  return elapsedMs > 0 && elapsedMs <= INTERVAL_MAX_MS ? elapsedMs : null;
}

/** Writes the difference channels and advances the history; returns the tissue's shift. */
function takeIn(
  state: PreprocessState,
  intensity: Uint8Array,
  elapsedMs: number | null,
  options: PreprocessOptions,
): PointPx {
  const { kernels, widthPx, heightPx, neutral } = options;
  const { history, tensor } = state;
  const plane = widthPx * heightPx;
  const size = { width: widthPx, height: heightPx };
  kernels.buildPyramid(intensity, history.current);
  let shift = NO_SHIFT;
  if (elapsedMs === null) {
    for (let i = 0; i < plane; i++) history.background[i] = intensity[i] << 8;
    history.backgroundAgeMs = 0;
    history.restXPx = 0;
    history.restYPx = 0;
  } else {
    shift = kernels.estimateShift(history.previous, history.current);
    const before = history.previous.levels[0].data;
    const short = tensor.subarray(plane, 2 * plane);
    const gain = shortGain(elapsedMs);
    kernels.shiftedDifference(intensity, before, size, shift, gain, neutral, short);
    const moved = moveBackground(history, shift);
    const weight = backgroundWeight(elapsedMs, history.backgroundAgeMs);
    const slow = tensor.subarray(2 * plane);
    const { background, nextBackground } = history;
    kernels.backgroundDifference(
      intensity,
      background,
      size,
      moved,
      weight,
      neutral,
      slow,
      nextBackground,
    );
    history.background = nextBackground;
    history.nextBackground = background;
    history.backgroundAgeMs += elapsedMs;
  }
  const { previous } = history;
  history.previous = history.current;
  history.current = previous;
  return shift;
}

/**
 * Adds a shift to what the background still owes and takes out whole pixels. Moving it by fractions
 * would interpolate the same values thirty times a second and blur it away.
 */
function moveBackground(history: MotionHistory, shift: PointPx): PointPx {
  history.restXPx += shift.xPx;
  history.restYPx += shift.yPx;
  const whole = { xPx: Math.round(history.restXPx), yPx: Math.round(history.restYPx) };
  history.restXPx -= whole.xPx;
  history.restYPx -= whole.yPx;
  return whole;
}

/** Keeps, finds or grows the region of interest. */
function updateBox(
  state: PreprocessState,
  input: PreprocessInput,
  nowUs: number,
  options: PreprocessOptions,
): Letterbox {
  const { image } = input;
  const sameSize = image.widthPx === state.imageWidthPx && image.heightPx === state.imageHeightPx;
  const known = sameSize && !(options.stills ?? false) ? state.box : null;
  const interval = input.previousTrack === null ? RECHECK_US : RECHECK_FOLLOWING_US;
  const sinceUs = nowUs - state.checkedAtUs;
  if (known !== null && sinceUs >= 0 && sinceUs < interval) return known;
  const found = findRegionOfInterest(image, options.kernels);
  state.checkedAtUs = nowUs;
  const region = known === null ? found : grown(known.region, found, image);
  if (known !== null && region === known.region) return known;
  const box = letterbox(region, options.widthPx, options.heightPx);
  state.box = box;
  state.imageWidthPx = image.widthPx;
  state.imageHeightPx = image.heightPx;
  state.history.lastTimeUs = null;
  state.tensor.fill(0, 0, options.widthPx * options.heightPx);
  return box;
}

/** The known region, or a larger one when echo data was found outside it. */
function grown(
  known: RegionOfInterest,
  found: RegionOfInterest,
  image: GrayImage,
): RegionOfInterest {
  if (!found.isFound) return known;
  if (!known.isFound) return found;
  const a = known.rect;
  const b = found.rect;
  const left = Math.min(a.xPx, b.xPx);
  const top = Math.min(a.yPx, b.yPx);
  const right = Math.max(a.xPx + a.widthPx, b.xPx + b.widthPx);
  const bottom = Math.max(a.yPx + a.heightPx, b.yPx + b.heightPx);
  const growsX = right - left - a.widthPx > GROWTH_SHARE * image.widthPx;
  const growsY = bottom - top - a.heightPx > GROWTH_SHARE * image.heightPx;
  if (!growsX && !growsY) return known;
  const rect = { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
  const isSame = left === b.xPx && top === b.yPx && right - left === b.widthPx;
  return { rect, outline: isSame ? found.outline : null, isFound: true };
}

function tensorSpacingOf(spacing: Spacing | null, imageToTensor: Affine): Spacing | null {
  if (spacing === null) return null;
  return { xMm: spacing.xMm / imageToTensor.a, yMm: spacing.yMm / imageToTensor.d };
}

/**
 * Whether the gray levels inside the placement, every fourth of every fourth row, hardly differ.
 */
function isFlat(intensity: Uint8Array, box: Letterbox): boolean {
  const { placement, targetWidth } = box.plan;
  let sum = 0;
  let squares = 0;
  let samples = 0;
  for (let y = placement.yPx; y < placement.yPx + placement.heightPx; y += 4) {
    for (let x = placement.xPx; x < placement.xPx + placement.widthPx; x += 4) {
      const value = intensity[y * targetWidth + x];
      sum += value;
      squares += value * value;
      samples++;
    }
  }
  const mean = sum / samples;
  return squares / samples - mean * mean < FLAT_DEVIATION * FLAT_DEVIATION;
}
