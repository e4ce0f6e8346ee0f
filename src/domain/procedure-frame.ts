import type { PointMm } from './geometry.js';
import type { Overlay } from './overlay.js';
import { toMm } from './spacing.js';

/** What the metrics of a procedure take from an overlay, live and from a recording alike. */
export interface ProcedureFrame
  extends Pick<Overlay, 'trackEpoch' | 'spacing' | 'needle' | 'guidance' | 'spread'> {
  /** When the frame came in, service clock, µs. */
  readonly atUs: number;
}

/** The metrics' view of an overlay. */
export function procedureFrameOf(overlay: Overlay): ProcedureFrame {
  const { trackEpoch, spacing, needle, guidance, spread, clock } = overlay;
  const atUs = clock.receivedAtUs;
  return { trackEpoch, spacing, needle, guidance, atUs, ...(spread && { spread }) };
}

/** Where the needle was measured in one frame, in mm of the image. */
export interface MeasuredNeedle {
  /** End of what is seen: the tip, or the visible end of a shaft whose tip may be beyond. */
  readonly end: PointMm;
  /** Unit vector along the shaft, from the entry to the end. */
  readonly direction: PointMm;
  /** Of `direction`, −180 to 180; 0 along +x, 90 straight down. */
  readonly headingDeg: number;
  /** Length of the visible shaft. */
  readonly visibleMm: number;
}

/**
 * The needle in mm; null without a shaft or with unknown spacing.
 *
 * @param end - `tip`: only where a tip was measured in this very frame · `visible-end`: only where
 *   the end of the shaft is seen and need not be the tip
 */
export function measuredNeedle(
  { needle, spacing }: ProcedureFrame,
  end: 'tip' | 'visible-end',
): MeasuredNeedle | null {
  const { shaft, tip, state } = needle;
  if (spacing === null || shaft === null) return null;
  if (state !== (end === 'tip' ? 'tip-visible' : 'shaft-only')) return null;
  const from = toMm(shaft.from, spacing);
  const to = toMm(end === 'tip' && tip !== null ? tip : shaft.to, spacing);
  const x = to.xMm - from.xMm;
  const y = to.yMm - from.yMm;
  const visibleMm = Math.hypot(x, y);
  if (visibleMm === 0) return null;
  return {
    end: to,
    direction: { xMm: x / visibleMm, yMm: y / visibleMm },
    headingDeg: (Math.atan2(y, x) * 180) / Math.PI,
    visibleMm,
  };
}

/** How far `to` lies beyond `from` along the shaft of `to`, mm; < 0 when it was drawn back. */
export function advanceMm(from: MeasuredNeedle, to: MeasuredNeedle): number {
  return (
    (to.end.xMm - from.end.xMm) * to.direction.xMm + (to.end.yMm - from.end.yMm) * to.direction.yMm
  );
}
