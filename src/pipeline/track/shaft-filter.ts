import { movedBy, type PointPx, type SegmentPx } from '../../domain/geometry.js';
import type { CovariancePx } from '../../domain/needle-motion.js';
import type { Spacing } from '../../domain/spacing.js';
import {
  type AlongShaft,
  alongAsOne,
  predictAlong,
  shiftedAlong,
  startAlong,
  turnedAlong,
  updateAlong,
  widestVariance,
} from './along-shaft.js';
import {
  predictRate,
  type RateDynamics,
  type RateFilter,
  shiftedRate,
  startRateFilter,
  turnedRate,
  updateRate,
} from './rate-filter.js';

/**
 * A point of a needle (its tip, or the end of what is seen of it) in the coordinates of its shaft:
 * how far in, how far to the side, and at which angle, each with its rate. A network knows a tip
 * three times better across the shaft than along it, and a needle moves along; in these axes both
 * are plain numbers.
 *
 * `along` and `across` are measured from `point`, which follows them. Lengths are mm by the gate
 * spacing: where the spacing is unknown, 1 mm stands for a fixed number of pixels (`FrameContext`).
 */
export interface ShaftFilter {
  readonly point: PointPx;
  readonly along: AlongShaft;
  /** To the right of the heading as seen in the image. */
  readonly across: RateFilter;
  /** Of the heading, rad; 0 along +x, growing towards +y. */
  readonly angle: RateFilter;
  /** Frames, less others, that saw the shaft on the other side of the point. */
  readonly reversals: number;
}

/** Where a point of the needle was seen, and how well. */
export interface ShaftSight {
  readonly point: PointPx;
  /** The other end of what is seen of the shaft, the entry side. */
  readonly from: PointPx;
  /** Standard deviations along and across the shaft, mm. */
  readonly sigmaAlongMm: number;
  readonly sigmaAcrossMm: number;
}

/** Standard deviation of the speed at first sight, mm/s. */
const SPEED_SIGMA_MM = 20;
/** Tissue that the needle carries along, a shaft that bends: mm²/s³. */
const ACROSS: RateDynamics = { noiseDensity: 60, memoryS: 0.15 };
const ACROSS_SIGMA_MM = 8;
/** A hand that changes its direction: rad²/s³. */
const ANGLE: RateDynamics = { noiseDensity: 0.1, memoryS: 0.3 };
const ANGLE_SIGMA = 0.2;
/** Standard deviation of the far end of a shaft across it, mm, and of the angle of any, rad. */
const FAR_END_SIGMA_MM = 0.4;
const ANGLE_SIGMA_MIN = 0.01;
/** So many frames turn a needle round that was taken for one from the other side. */
const REVERSALS_MAX = 8;

/** A filter at a first sight. */
export function startShaftFilter(sight: ShaftSight, spacing: Spacing): ShaftFilter {
  const { angle, variance } = angleOf(sight, spacing);
  return {
    point: sight.point,
    along: startAlong(0, sight.sigmaAlongMm ** 2, SPEED_SIGMA_MM),
    across: startRateFilter(0, sight.sigmaAcrossMm ** 2, ACROSS_SIGMA_MM),
    angle: startRateFilter(angle, variance, ANGLE_SIGMA),
    reversals: 0,
  };
}

/**
 * The filter a time later, s ≥ 0.
 *
 * @param shiftPx - how far the tissue was displaced in the image: the needle in it goes along
 */
export function advanceShaft(
  filter: ShaftFilter,
  seconds: number,
  shiftPx: PointPx,
  spacing: Spacing,
): ShaftFilter {
  const moved: ShaftFilter = {
    ...filter,
    point: movedBy(filter.point, shiftPx),
    along: predictAlong(filter.along, seconds),
    across: predictRate(filter.across, seconds, ACROSS),
    angle: predictRate(filter.angle, seconds, ANGLE),
  };
  return recentred(moved, spacing);
}

/** Squared Mahalanobis distance of a sight; chi-squared with two degrees of freedom. */
export function gateDistance(filter: ShaftFilter, sight: ShaftSight, spacing: Spacing): number {
  const [along, across] = inShaftAxes(filter, sight.point, spacing);
  const [alongVar, acrossVar] = sightVariances(filter, sight, spacing);
  const total = filter.across.valueVar + acrossVar;
  return along ** 2 / (widestVariance(filter.along) + alongVar) + across ** 2 / total;
}

/** Takes in a sight of the point. */
export function updateShaft(filter: ShaftFilter, sight: ShaftSight, spacing: Spacing): ShaftFilter {
  const [along, across] = inShaftAxes(filter, sight.point, spacing);
  const [alongVar, acrossVar] = sightVariances(filter, sight, spacing);
  const seen = {
    ...filter,
    along: updateAlong(filter.along, along, alongVar),
    across: updateRate(filter.across, across, acrossVar),
  };
  return recentred(withAngle(seen, sight, spacing), spacing);
}

/**
 * Takes in the line of the shaft where the point on it was not seen: what it says of the sideways
 * place and of the angle. A line somewhere else is left out.
 *
 * @param gate - largest squared distance, chi-squared with one degree of freedom
 */
export function updateShaftLine(
  filter: ShaftFilter,
  line: SegmentPx,
  gate: number,
  spacing: Spacing,
): ShaftFilter {
  const sight: ShaftSight = {
    point: line.to,
    from: line.from,
    sigmaAlongMm: FAR_END_SIGMA_MM,
    sigmaAcrossMm: FAR_END_SIGMA_MM,
  };
  const { angle, variance } = angleOf(sight, spacing);
  const turn = turnTo(filter.angle.value, angle);
  const [along, across] = inShaftAxes(filter, line.to, spacing);
  // From the line's end to the side of the point, along the line.
  const offset = across - along * Math.tan(turn);
  const offsetVar = FAR_END_SIGMA_MM ** 2 + along ** 2 * variance;
  const isNear = offset ** 2 <= gate * (filter.across.valueVar + offsetVar);
  const isParallel = turn ** 2 <= gate * (filter.angle.valueVar + variance);
  if (!isNear || !isParallel) return filter;
  const seen = { ...filter, across: updateRate(filter.across, offset, offsetVar) };
  return recentred(withAngle(seen, sight, spacing), spacing);
}

/** The place of a point in the filter's axes, mm: along the shaft, and across it. */
export function inShaftAxes(
  filter: ShaftFilter,
  point: PointPx,
  { xMm, yMm }: Spacing,
): readonly [number, number] {
  const x = (point.xPx - filter.point.xPx) * xMm;
  const y = (point.yPx - filter.point.yPx) * yMm;
  const cos = Math.cos(filter.angle.value);
  const sin = Math.sin(filter.angle.value);
  return [x * cos + y * sin, y * cos - x * sin];
}

/**
 * Covariance of the point, image axes.
 *
 * @param more - variances along and across the shaft that are not the filter's, mm²
 */
export function pointCovariance(
  filter: ShaftFilter,
  { xMm, yMm }: Spacing,
  more: { readonly along: number; readonly across: number } = { along: 0, across: 0 },
): CovariancePx {
  const along = alongAsOne(filter.along).valueVar + more.along;
  const across = filter.across.valueVar + more.across;
  const cos = Math.cos(filter.angle.value);
  const sin = Math.sin(filter.angle.value);
  return {
    xx: (cos * cos * along + sin * sin * across) / (xMm * xMm),
    xy: (cos * sin * (along - across)) / (xMm * yMm),
    yy: (sin * sin * along + cos * cos * across) / (yMm * yMm),
  };
}

/** Moves the point to where its coordinates say that it is. */
function recentred(filter: ShaftFilter, { xMm, yMm }: Spacing): ShaftFilter {
  const along = alongAsOne(filter.along).value;
  const across = filter.across.value;
  const cos = Math.cos(filter.angle.value);
  const sin = Math.sin(filter.angle.value);
  return {
    ...filter,
    point: {
      xPx: filter.point.xPx + (along * cos - across * sin) / xMm,
      yPx: filter.point.yPx + (along * sin + across * cos) / yMm,
    },
    along: shiftedAlong(filter.along, along),
    across: shiftedRate(filter.across, across),
  };
}

/** Variances of a sight along and across the filter's shaft, mm²; it need not be the sight's. */
export function sightVariances(
  filter: ShaftFilter,
  sight: ShaftSight,
  spacing: Spacing,
): readonly [number, number] {
  const turn = filter.angle.value - angleOf(sight, spacing).angle;
  const cos2 = Math.cos(turn) ** 2;
  const along = sight.sigmaAlongMm ** 2;
  const across = sight.sigmaAcrossMm ** 2;
  return [cos2 * along + (1 - cos2) * across, (1 - cos2) * along + cos2 * across];
}

/** Takes in the direction of a shaft; its two ends may be taken for one another for a while. */
function withAngle(filter: ShaftFilter, sight: ShaftSight, spacing: Spacing): ShaftFilter {
  const { angle, variance } = angleOf(sight, spacing);
  const known = filter.angle.value;
  const isReversed = Math.cos(angle - known) < 0;
  const turned = updateRate(filter.angle, known + turnTo(known, angle), variance);
  const reversals = isReversed ? filter.reversals + 1 : Math.max(0, filter.reversals - 1);
  const seen = { ...filter, angle: turned, reversals };
  return reversals < REVERSALS_MAX ? seen : turnedRound(seen);
}

/** The same needle from the other side. */
function turnedRound(filter: ShaftFilter): ShaftFilter {
  return {
    ...filter,
    along: turnedAlong(filter.along),
    across: turnedRate(filter.across),
    angle: shiftedRate(filter.angle, Math.PI),
    reversals: 0,
  };
}

/** The smallest turn that brings a direction onto a line, −π/2 to π/2. */
function turnTo(direction: number, line: number): number {
  const turn = line - direction;
  return turn - Math.PI * Math.round(turn / Math.PI);
}

function angleOf(sight: ShaftSight, { xMm, yMm }: Spacing) {
  const x = (sight.point.xPx - sight.from.xPx) * xMm;
  const y = (sight.point.yPx - sight.from.yPx) * yMm;
  const squared = x * x + y * y;
  const ends = sight.sigmaAcrossMm ** 2 + FAR_END_SIGMA_MM ** 2;
  // A shaft too short to have a direction says nothing.
  const variance = ANGLE_SIGMA_MIN ** 2 + Math.min(1, ends / Math.max(squared, 1e-6));
  return { angle: Math.atan2(y, x), variance };
}
