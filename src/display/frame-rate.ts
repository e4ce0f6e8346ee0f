/** Weight of the newest interval in the running average. */
const NEWEST_WEIGHT = 0.15;
/** Arrivals that are kept to count frames per second. */
const ARRIVALS_MAX = 256;
const RATE_WINDOW_US = 2_000_000;
/** Longer intervals are gaps, not a frame rate. */
const INTERVAL_MAX_MS = 1000;

/** Measures a stream's pace. Times in µs; arrival on the display's clock, capture on the cart's. */
export interface FrameRateMeter {
  add(frame: { readonly epoch: number; readonly captureTimeUs: number }, arrivedAtUs: number): void;
  /** Running average of the capture interval, ms; null before two frames of one epoch. */
  intervalMs(): number | null;
  /** Frames that arrived per second over the last two seconds. */
  perSecond(nowUs: number): number;
}

/** Makes a meter. The interval comes from capture times: bursts on the network do not change it. */
export function createFrameRateMeter(): FrameRateMeter {
  const arrivals = new Float64Array(ARRIVALS_MAX);
  let count = 0;
  let last: { epoch: number; captureTimeUs: number } | null = null;
  let intervalMs: number | null = null;
  return {
    add(frame, arrivedAtUs) {
      arrivals[count % ARRIVALS_MAX] = arrivedAtUs;
      count += 1;
      if (last !== null && last.epoch === frame.epoch) {
        const newestMs = (frame.captureTimeUs - last.captureTimeUs) / 1000;
        if (newestMs > 0 && newestMs <= INTERVAL_MAX_MS) {
          intervalMs =
            intervalMs === null ? newestMs : intervalMs + NEWEST_WEIGHT * (newestMs - intervalMs);
        }
      }
      last = { epoch: frame.epoch, captureTimeUs: frame.captureTimeUs };
    },
    intervalMs: () => intervalMs,
    perSecond(nowUs) {
      const kept = arrivals.subarray(0, Math.min(count, ARRIVALS_MAX));
      let inWindow = 0;
      for (const arrivedAtUs of kept) if (nowUs - arrivedAtUs < RATE_WINDOW_US) inWindow += 1;
      return (inWindow * 1_000_000) / RATE_WINDOW_US;
    },
  };
}
