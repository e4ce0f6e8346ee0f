import { RADIUS90_PER_SIGMA } from '../../domain/needle.js';
import type { Spacing } from '../../domain/spacing.js';
import type { FrameContext, TipCandidate } from '../frame-context.js';
import { gateDistance, inShaftAxes, type ShaftFilter, type ShaftSight } from './shaft-filter.js';

/** 99 % of chi-squared with two degrees of freedom. */
const GATE = 9.21;
/** A candidate this near is accepted however sure the network is of itself, mm. */
const NEAR_MM = 1;
/** Smallest standard deviation that a measurement is given, mm. */
const SIGMA_MIN_MM = 0.15;

/** A place where a tip was seen; one without a shaft has no direction and starts nothing. */
export type ShaftTip = TipCandidate & {
  readonly shaftFrom: NonNullable<TipCandidate['shaftFrom']>;
};

/** What a frame measures of a followed tip. */
export interface TipMeasurement {
  /** The candidate that counts most. */
  readonly tip: ShaftTip;
  /** All candidates inside the gate together, weighted. */
  readonly sight: ShaftSight;
  readonly radius90Px: number;
}

/** A candidate as a measurement by itself. */
export function sightOf(tip: ShaftTip, spacing: Spacing): ShaftSight {
  const mmPerPx = Math.sqrt(spacing.xMm * spacing.yMm);
  return {
    point: tip.point,
    from: tip.shaftFrom,
    sigmaAlongMm: Math.max(SIGMA_MIN_MM, tip.sigmaAlongPx * mmPerPx),
    sigmaAcrossMm: Math.max(SIGMA_MIN_MM, tip.sigmaAcrossPx * mmPerPx),
  };
}

/**
 * What the candidates that are tips and lie where the filter expects one say together: each counts
 * by how sure the network is of it and how near it is (probabilistic data association), and their
 * spread is part of the measurement's uncertainty.
 *
 * @param farthestMm - how far from there a candidate may lie, whatever the gate allows
 * @returns null when none does
 */
export function measureTip(
  filter: ShaftFilter,
  candidates: readonly TipCandidate[],
  { gateSpacing }: FrameContext,
  farthestMm = Number.POSITIVE_INFINITY,
): TipMeasurement | null {
  const accepted: { readonly tip: ShaftTip; readonly weight: number }[] = [];
  for (const tip of candidates) {
    if (!tip.isTip || !hasShaft(tip)) continue;
    const sight = sightOf(tip, gateSpacing);
    const distance = gateDistance(filter, sight, gateSpacing);
    const apartMm = Math.hypot(...inShaftAxes(filter, tip.point, gateSpacing));
    if (apartMm > farthestMm || (distance > GATE && apartMm > NEAR_MM)) continue;
    accepted.push({ tip, weight: oddsOf(tip.score) * Math.exp(-Math.min(distance, GATE) / 2) });
  }
  const best = accepted.reduce<(typeof accepted)[number] | null>(
    (most, one) => (most === null || one.weight > most.weight ? one : most),
    null,
  );
  if (best === null) return null;
  const alone = sightOf(best.tip, gateSpacing);
  if (accepted.length === 1) {
    return { tip: best.tip, sight: alone, radius90Px: best.tip.radius90Px };
  }
  const total = accepted.reduce((sum, { weight }) => sum + weight, 0);
  let xPx = 0;
  let yPx = 0;
  for (const { tip, weight } of accepted) {
    xPx += (weight / total) * tip.point.xPx;
    yPx += (weight / total) * tip.point.yPx;
  }
  const point = { xPx, yPx };
  let alongVar = 0;
  let acrossVar = 0;
  const centre = inShaftAxes(filter, point, gateSpacing);
  for (const { tip, weight } of accepted) {
    const place = inShaftAxes(filter, tip.point, gateSpacing);
    alongVar += (weight / total) * (place[0] - centre[0]) ** 2;
    acrossVar += (weight / total) * (place[1] - centre[1]) ** 2;
  }
  const spreadMm = Math.sqrt(alongVar + acrossVar);
  const mmPerPx = Math.sqrt(gateSpacing.xMm * gateSpacing.yMm);
  return {
    tip: best.tip,
    sight: {
      point,
      from: best.tip.shaftFrom,
      sigmaAlongMm: Math.sqrt(alone.sigmaAlongMm ** 2 + alongVar),
      sigmaAcrossMm: Math.sqrt(alone.sigmaAcrossMm ** 2 + acrossVar),
    },
    radius90Px: Math.hypot(best.tip.radius90Px, (RADIUS90_PER_SIGMA * spreadMm) / mmPerPx),
  };
}

/** Whether a place has a shaft that leads to it. */
export function hasShaft(tip: TipCandidate): tip is ShaftTip {
  return tip.shaftFrom !== null;
}

function oddsOf(score: number): number {
  const bounded = Math.max(1e-3, Math.min(1 - 1e-3, score));
  return bounded / (1 - bounded);
}
