import type { Affine } from '../../domain/affine.js';
import { assert } from '../../domain/assert.js';
import type { GrayImage, Reduction } from '../../domain/frame.js';
import type { PointPx, RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import type { Kernels } from '../../kernels/kernels.js';
import { type DecodeWish, type ReducedImage, WHOLE_IMAGE } from '../frame-context.js';
import type { StatefulStage } from '../stage.js';
import { type ImageTexture, measureTexture } from './image-texture.js';
import { blankOutside, type Letterbox } from './letterbox.js';
import {
  backgroundWeight,
  createMotionHistory,
  INTERVAL_MAX_MS,
  type MotionHistory,
  shortGain,
} from './motion-history.js';
import {
  createStreamRegion,
  regionWish,
  type StreamRegion,
  updateRegion,
} from './stream-region.js';

/** What one stream's frames are prepared against. */
export interface PreprocessState {
  /** 3 × height × width, planar: intensity, short difference, slow difference. */
  readonly tensor: Uint8Array;
  /** Views of the tensor's channels. */
  readonly intensity: Uint8Array;
  readonly short: Uint8Array;
  readonly slow: Uint8Array;
  readonly history: MotionHistory;
  region: StreamRegion;
  /** What the history was gathered from. */
  reduction: Reduction;
}

/** One frame of a stream. */
export interface PreprocessInput {
  /** Orientation MF. Null only where `wish` did not ask for the whole image. */
  readonly image: GrayImage | null;
  /** The same image, reduced as `wish` asked; null where there is none. */
  readonly reduced: ReducedImage | null;
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

/** Standard deviation of gray levels below which an image is flat. */
const FLAT_DEVIATION = 1.5;
const NO_SHIFT: PointPx = { xPx: 0, yPx: 0 };

/** The stage that turns images into the network's input. */
export interface Preprocess
  extends StatefulStage<PreprocessState, PreprocessInput, PreprocessOutput> {
  /**
   * What the stream's next frame has to be decoded to.
   *
   * @param size - of the image, pixels
   * @param isFollowing - whether a needle is being followed
   */
  wish(
    state: PreprocessState,
    size: { readonly widthPx: number; readonly heightPx: number },
    isFollowing: boolean,
    nowUs: number,
  ): DecodeWish;
}

/**
 * Makes the stage that turns an image into the network's input.
 *
 * Per stream it keeps the region of interest and what the difference channels compare with. The
 * same code makes the training set, so that the network sees in use what it saw in training.
 */
export function createPreprocess(options: PreprocessOptions): Preprocess {
  const { kernels, widthPx, heightPx, neutral } = options;
  const isStill = options.stills ?? false;
  const plane = widthPx * heightPx;
  return {
    createState: () => createState(widthPx, heightPx),
    wish: (state, size, isFollowing, nowUs) =>
      isStill ? WHOLE_IMAGE : regionWish(state.region, size, { isFollowing, nowUs }),
    step: (state, input, nowUs) => {
      const { tensor, intensity } = state;
      if (isStill) state.region = createStreamRegion();
      const known = state.region.box;
      const isFollowing = input.previousTrack !== null;
      const box = updateRegion(state.region, input.image, { isFollowing, nowUs }, options);
      if (box !== known) {
        state.history.lastTimeUs = null;
        intensity.fill(0);
      }
      resample(state, input, box, kernels);
      if (box.rowSpans !== null) blankOutside(box.rowSpans, intensity, widthPx, heightPx);
      const isEmpty = isFlat(intensity, widthPx, box.placement);
      const elapsedMs = elapsedSince(state.history, isEmpty, nowUs);
      const hasHistory = elapsedMs !== null && !isStill;
      if (!hasHistory) tensor.fill(neutral, plane);
      // Pictures that come back after a black frame go on from what was before it.
      const isGap = isEmpty && !state.history.isEmpty && state.history.lastTimeUs !== null;
      const shift = isStill || isGap ? NO_SHIFT : takeIn(state, elapsedMs, options);
      if (!isGap) {
        state.history.lastTimeUs = nowUs;
        state.history.isEmpty = isEmpty;
      }
      return {
        tensor,
        imageToTensor: box.imageToTensor,
        regionOfInterest: box.region.rect,
        outline: box.region.outline,
        tensorSpacing: tensorSpacingOf(input.spacing, box.imageToTensor),
        tissueShiftPx: shift,
        hasHistory,
        isFlat: isEmpty,
        texture: measureTexture(intensity, widthPx, box.placement, kernels),
      };
    },
  };
}

function createState(widthPx: number, heightPx: number): PreprocessState {
  const plane = widthPx * heightPx;
  const tensor = new Uint8Array(3 * plane);
  return {
    tensor,
    intensity: tensor.subarray(0, plane),
    short: tensor.subarray(plane, 2 * plane),
    slow: tensor.subarray(2 * plane),
    history: createMotionHistory(widthPx, heightPx),
    region: createStreamRegion(),
    reduction: 1,
  };
}

/**
 * Writes the intensity channel, from the reduced image where it fits the region. Whole and reduced
 * images differ by a gray level here and there, which is no motion: they are never compared.
 */
function resample(
  state: PreprocessState,
  { image, reduced }: PreprocessInput,
  box: Letterbox,
  kernels: Kernels,
): void {
  const isReduced = reduced !== null && reduced.reduction === box.reduction;
  const source = isReduced ? reduced.image : image;
  assert(source !== null, 'what the wish asked for was decoded');
  const reduction = isReduced ? box.reduction : 1;
  if (reduction !== state.reduction) state.history.lastTimeUs = null;
  state.reduction = reduction;
  const { rect, plan } = isReduced ? box.reduced : box.whole;
  kernels.resize(source, rect, plan, state.intensity);
}

/**
 * Time since the previous frame, ms; null when the two frames may not be compared. Between a black
 * frame and a picture everything would seem to move.
 */
function elapsedSince(history: MotionHistory, isEmpty: boolean, nowUs: number): number | null {
  if (history.lastTimeUs === null || history.isEmpty !== isEmpty) return null;
  const elapsedMs = (nowUs - history.lastTimeUs) / 1000;
  return elapsedMs > 0 && elapsedMs <= INTERVAL_MAX_MS ? elapsedMs : null;
}

/** Writes the difference channels and advances the history; returns the tissue's shift. */
function takeIn(
  state: PreprocessState,
  elapsedMs: number | null,
  options: PreprocessOptions,
): PointPx {
  const { kernels, widthPx, heightPx, neutral } = options;
  const { history, intensity, short, slow } = state;
  const size = { width: widthPx, height: heightPx };
  kernels.buildPyramid(intensity, history.current);
  let shift = NO_SHIFT;
  if (elapsedMs === null) {
    for (let i = 0; i < intensity.length; i++) history.background[i] = intensity[i] << 8;
    history.backgroundAgeMs = 0;
    history.restXPx = 0;
    history.restYPx = 0;
  } else {
    shift = kernels.estimateShift(history.previous, history.current);
    const before = history.previous.levels[0].data;
    const gain = shortGain(elapsedMs);
    kernels.shiftedDifference(intensity, before, size, shift, gain, neutral, short);
    const moved = moveBackground(history, shift);
    const weight = backgroundWeight(elapsedMs, history.backgroundAgeMs);
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

function tensorSpacingOf(spacing: Spacing | null, imageToTensor: Affine): Spacing | null {
  if (spacing === null) return null;
  return { xMm: spacing.xMm / imageToTensor.a, yMm: spacing.yMm / imageToTensor.d };
}

/**
 * Whether the gray levels inside the placement, every fourth of every fourth row, hardly differ.
 */
function isFlat(intensity: Uint8Array, widthPx: number, placement: RectPx): boolean {
  let sum = 0;
  let squares = 0;
  let samples = 0;
  for (let y = placement.yPx; y < placement.yPx + placement.heightPx; y += 4) {
    for (let x = placement.xPx; x < placement.xPx + placement.widthPx; x += 4) {
      const value = intensity[y * widthPx + x];
      sum += value;
      squares += value * value;
      samples++;
    }
  }
  const mean = sum / samples;
  return squares / samples - mean * mean < FLAT_DEVIATION * FLAT_DEVIATION;
}
