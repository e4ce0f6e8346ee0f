import type { PointPx } from './geometry.js';
import type { Overlay } from './overlay.js';

/** Longest time and way that a tip is predicted (ml.md 5): hands change what they do in no less. */
export const PREDICTION_MAX_MS = 80;
export const PREDICTION_MAX_MM = 1;
/** Slower than this a needle may as well stand still, mm/s, and is not moved. */
const SPEED_MIN_MM = 1;

/**
 * Where a measured tip will be a moment later if the needle goes on as it does: for displays that
 * draw over their own, newer video and asked for it. Never in place of the measured tip.
 */
export interface PredictedTip {
  readonly tip: PointPx;
  /** After the capture of the overlay's frame; > 0, at most 80. */
  readonly aheadMs: number;
  /**
   * The measured tip's 90 % radius and the whole way that was predicted: a needle that has stopped
   * in the meantime is still inside.
   */
  readonly radius90Px: number;
  readonly radius90Mm: number;
}

/**
 * Predicts the tip along the shaft by its speed, at most 80 ms and 1 mm.
 *
 * @param aheadMs - from the capture of the frame to the image that the display draws over
 * @returns null unless the tip was measured in this frame, its speed, its heading and the spacing
 *   are known, and the needle moves
 */
export function predictTip(
  { needle, guidance, spacing }: Pick<Overlay, 'needle' | 'guidance' | 'spacing'>,
  aheadMs: number,
): PredictedTip | null {
  const { tip, radius90Px, radius90Mm } = needle;
  const speed = guidance.insertion?.speedMmPerS ?? null;
  const headingDeg = guidance.insertion?.headingDeg ?? null;
  if (needle.state !== 'tip-visible' || tip === null || spacing === null) return null;
  if (radius90Px === null || radius90Mm === null || speed === null || headingDeg === null) {
    return null;
  }
  const limitedMs = Math.min(PREDICTION_MAX_MS, aheadMs);
  if (!(limitedMs > 0) || Math.abs(speed) < SPEED_MIN_MM) return null;
  const wayMm =
    Math.sign(speed) * Math.min(PREDICTION_MAX_MM, Math.abs(speed) * (limitedMs / 1000));
  const heading = (headingDeg * Math.PI) / 180;
  const dx = (wayMm * Math.cos(heading)) / spacing.xMm;
  const dy = (wayMm * Math.sin(heading)) / spacing.yMm;
  return {
    tip: { xPx: tip.xPx + dx, yPx: tip.yPx + dy },
    aheadMs: limitedMs,
    radius90Px: radius90Px + Math.hypot(dx, dy),
    radius90Mm: radius90Mm + Math.abs(wayMm),
  };
}
