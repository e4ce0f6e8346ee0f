import type { SegmentPx } from '../../domain/geometry.js';
import type { NeedleMotion } from '../../domain/needle-motion.js';
import type { FrameContext } from '../frame-context.js';
import {
  advanceShaft,
  gateDistance,
  pointCovariance,
  type ShaftFilter,
  type ShaftSight,
  startShaftFilter,
  updateShaft,
} from './shaft-filter.js';
import { motionOf } from './shaft-motion.js';

/**
 * Follows the end of what is seen of a shaft while its tip is not: not a tip, but what tells that a
 * needle is being pushed on unseen, the commonest error of beginners (ml.md 7).
 */
export interface VisibleEnd {
  readonly filter: ShaftFilter;
  readonly sinceUs: number;
  readonly timeUs: number;
  /** Frames that agreed. */
  readonly sights: number;
}

/** Ends jump with every gap in the echo: standard deviations along and across the shaft, mm. */
const SIGMA_ALONG_MM = 1.5;
const SIGMA_ACROSS_MM = 0.4;
/** 99 % of chi-squared with two degrees of freedom. */
const GATE = 9.21;
/** An end that was seen less often says nothing about movement. */
const SIGHTS_MIN = 5;

/** The end after a frame; `shaft` null: nothing is seen of it, and the next one is another end. */
export function followVisibleEnd(
  before: VisibleEnd | null,
  shaft: SegmentPx | null,
  { gateSpacing, tissueShiftPx }: FrameContext,
  nowUs: number,
): VisibleEnd | null {
  if (shaft === null) return null;
  const sight: ShaftSight = {
    point: shaft.to,
    from: shaft.from,
    sigmaAlongMm: SIGMA_ALONG_MM,
    sigmaAcrossMm: SIGMA_ACROSS_MM,
  };
  if (before !== null) {
    const seconds = Math.max(0, nowUs - before.timeUs) / 1e6;
    const moved = advanceShaft(before.filter, seconds, tissueShiftPx, gateSpacing);
    if (gateDistance(moved, sight, gateSpacing) <= GATE) {
      const filter = updateShaft(moved, sight, gateSpacing);
      return { ...before, filter, timeUs: nowUs, sights: before.sights + 1 };
    }
  }
  const filter = startShaftFilter(sight, gateSpacing);
  return { filter, sinceUs: nowUs, timeUs: nowUs, sights: 1 };
}

/** How the end moves; null while it was seen too little. */
export function visibleEndMotion(
  end: VisibleEnd | null,
  context: FrameContext,
): NeedleMotion | null {
  if (end === null || end.sights < SIGHTS_MIN) return null;
  const { filter, sinceUs } = end;
  const covariance = pointCovariance(filter, context.gateSpacing);
  return motionOf(filter, 'visible-end', sinceUs, covariance, context);
}
