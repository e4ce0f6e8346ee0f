import { createShiftPyramid, type ShiftPyramid } from '../../kernels/shift-pyramid.js';

/** What the difference channels compare a frame with. Buffers of one tensor channel's size. */
export interface MotionHistory {
  /** Null until a first frame has been taken in, and after every change of the geometry. */
  lastTimeUs: number | null;
  /** Whether it was gathered from black frames, not from pictures. */
  isEmpty: boolean;
  /** Time over which the background was gathered, ms. */
  backgroundAgeMs: number;
  /** Part of the tissue's shift that the whole-pixel background has not followed yet, px. */
  restXPx: number;
  restYPx: number;
  previous: ShiftPyramid;
  current: ShiftPyramid;
  /** Gray × 256. */
  background: Uint16Array;
  nextBackground: Uint16Array;
}

/** An empty history for images of this size. */
export function createMotionHistory(widthPx: number, heightPx: number): MotionHistory {
  return {
    lastTimeUs: null,
    isEmpty: false,
    backgroundAgeMs: 0,
    restXPx: 0,
    restYPx: 0,
    previous: createShiftPyramid(widthPx, heightPx),
    current: createShiftPyramid(widthPx, heightPx),
    background: new Uint16Array(widthPx * heightPx),
    nextBackground: new Uint16Array(widthPx * heightPx),
  };
}

/** Interval to which the short difference is normalised, ms (30 frames a second). */
const NOMINAL_INTERVAL_MS = 1000 / 30;
/**
 * Bounds of the short difference's gain: differences stop growing with time once things have moved.
 */
const GAIN_MIN = 0.25;
const GAIN_MAX = 2;
/** Longest interval over which two frames are compared, ms. */
export const INTERVAL_MAX_MS = 500;
/** Time constant of the slow background, ms. */
const BACKGROUND_TIME_MS = 1000;

/**
 * Gain of the short difference: nominal interval / elapsed, clipped to 0.25…2. A needle that moves
 * at a steady speed gives about the same value at 15, 30 and 60 frames a second.
 */
export function shortGain(elapsedMs: number): number {
  return Math.max(GAIN_MIN, Math.min(GAIN_MAX, NOMINAL_INTERVAL_MS / elapsedMs));
}

/**
 * Weight of the newest frame in the background. An exponential average with a time constant of one
 * second, and a plain mean while the background is younger than that.
 *
 * @param ageMs - time over which the background was gathered before this frame
 */
export function backgroundWeight(elapsedMs: number, ageMs: number): number {
  const exponential = 1 - Math.exp(-elapsedMs / BACKGROUND_TIME_MS);
  const mean = elapsedMs / (ageMs + 2 * elapsedMs);
  return Math.max(exponential, mean);
}
