import type { SegmentPx } from '../../domain/geometry.js';
import type { FrameContext, TipCandidate } from '../frame-context.js';
import {
  type Covariance,
  gateDistance,
  type Kalman,
  predict,
  startKalman,
  update,
} from './kalman.js';

/** Acceleration noise density, mm²/s³: a hand that stops and starts within a tenth of a second. */
const NOISE_DENSITY_MM = 600;
/** Speed of a needle at first sight, mm/s (standard deviation). */
const SPEED_SIGMA_MM = 20;
/** 99 % of chi-squared with two degrees of freedom. */
const GATE = 9.21;
/** A candidate this near is accepted however sure the network is of itself, mm. */
const NEAR_MM = 1;
/** Smallest standard deviation that a measurement is given, mm. */
const SIGMA_MIN_MM = 0.15;

/** mm per image pixel as one number, for distances that need no direction. */
export function mmPerPx(context: FrameContext): number {
  return Math.sqrt(context.gateSpacing.xMm * context.gateSpacing.yMm);
}

/** A new filter at a candidate. */
export function startAt(
  candidate: TipCandidate,
  shaft: SegmentPx | null,
  context: FrameContext,
): Kalman {
  const noise = noiseOf(candidate, shaft, context);
  return startKalman(candidate.point, noise, SPEED_SIGMA_MM / mmPerPx(context));
}

/** The filter at this frame's time, moved along with the tissue. */
export function advance(filter: Kalman, elapsedUs: number, context: FrameContext): Kalman {
  const scale = mmPerPx(context);
  const seconds = Math.max(0, elapsedUs) / 1e6;
  return predict(filter, seconds, NOISE_DENSITY_MM / (scale * scale), context.tissueShiftPx);
}

/** The best candidate that is a tip and lies where the filter expects it, or null. */
export function chooseInGate(
  filter: Kalman,
  candidates: readonly TipCandidate[],
  shaft: SegmentPx | null,
  context: FrameContext,
): TipCandidate | null {
  const scale = mmPerPx(context);
  for (const candidate of candidates) {
    if (!candidate.isTip) continue;
    const { position } = filter;
    const apart = Math.hypot(
      candidate.point.xPx - position.xPx,
      candidate.point.yPx - position.yPx,
    );
    const noise = noiseOf(candidate, shaft, context);
    if (apart * scale <= NEAR_MM || gateDistance(filter, candidate.point, noise) <= GATE) {
      return candidate;
    }
  }
  return null;
}

/** The filter after a measurement. */
export function correct(
  filter: Kalman,
  candidate: TipCandidate,
  shaft: SegmentPx | null,
  context: FrameContext,
): Kalman {
  return update(filter, candidate.point, noiseOf(candidate, shaft, context));
}

/** Measurement noise: the network's sigmas along and across the shaft, turned into the image. */
function noiseOf(
  candidate: TipCandidate,
  shaft: SegmentPx | null,
  context: FrameContext,
): Covariance {
  const least = SIGMA_MIN_MM / mmPerPx(context);
  const along = Math.max(least, candidate.sigmaAlongPx) ** 2;
  const across = Math.max(least, candidate.sigmaAcrossPx) ** 2;
  if (shaft === null) {
    const mean = Math.sqrt(along * across);
    return { xx: mean, xy: 0, yy: mean };
  }
  const dx = shaft.to.xPx - shaft.from.xPx;
  const dy = shaft.to.yPx - shaft.from.yPx;
  const length = Math.hypot(dx, dy) || 1;
  const c = dx / length;
  const s = dy / length;
  return {
    xx: c * c * along + s * s * across,
    xy: c * s * (along - across),
    yy: s * s * along + c * c * across,
  };
}
