/** Frames that the rate is measured over. */
const WINDOW = 8;
/** Fewer than these say nothing yet. */
const WINDOW_MIN = 4;
/** A longer gap is an interruption, not a rate, µs. */
const GAP_MAX_US = 5_000_000;
/** Below this rate a needle at 10 mm/s moves 1.7 mm from frame to frame; guidance is degraded. */
const RATE_LOW_HZ = 6;
/** Above this one it is not any more. */
const RATE_ENOUGH_HZ = 6.5;

/** How often frames come; kept over track epochs. */
export interface FrameRate {
  /** Capture times of the last frames, oldest first, µs. */
  readonly timesUs: readonly number[];
  readonly isLow: boolean;
}

export const UNKNOWN_FRAME_RATE: FrameRate = { timesUs: [], isLow: false };

/** Takes in the capture time of a frame. Time that goes back starts the measurement anew. */
export function nextFrameRate(rate: FrameRate, nowUs: number): FrameRate {
  const gapUs = gapBefore(rate, nowUs);
  if (gapUs !== null && (gapUs <= 0 || gapUs > GAP_MAX_US)) {
    return { timesUs: [nowUs], isLow: rate.isLow };
  }
  const timesUs = [...rate.timesUs, nowUs].slice(-WINDOW);
  const [first = nowUs] = timesUs;
  if (timesUs.length < WINDOW_MIN || nowUs <= first) return { timesUs, isLow: rate.isLow };
  const rateHz = ((timesUs.length - 1) * 1e6) / (nowUs - first);
  return { timesUs, isLow: rateHz < (rate.isLow ? RATE_ENOUGH_HZ : RATE_LOW_HZ) };
}

/** Time since the frame before, µs; null before the second one. */
export function gapBefore(rate: FrameRate, nowUs: number): number | null {
  const last = rate.timesUs.at(-1);
  return last === undefined ? null : nowUs - last;
}
