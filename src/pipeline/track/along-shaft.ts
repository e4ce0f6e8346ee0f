import type { MotionModes } from '../../domain/needle-motion.js';
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
 * An interacting multiple model of the movement along the shaft: a hand holds a needle still,
 * pushes or draws it steadily, or works it to and fro, and no single filter is calm in the first
 * and quick in the last (ml.md 5). Each mode has a filter and a probability. Lengths in mm.
 */
export interface AlongShaft {
  readonly filters: readonly [RateFilter, RateFilter, RateFilter];
  /** Of each mode, in the order of `MODES`; they sum to 1. */
  readonly probabilities: readonly [number, number, number];
}

type Triple<T> = readonly [T, T, T];

/**
 * Accelerations of 5, 60 and 400 mm/s² (ml.md 5) held over a frame at 30 fps, as noise densities.
 * Standing still forgets any speed at once; a to-and-fro soon.
 */
const MODES: Triple<RateDynamics> = [
  { noiseDensity: 0.8, memoryS: 0.03 },
  { noiseDensity: 120, memoryS: Number.POSITIVE_INFINITY },
  { noiseDensity: 5300, memoryS: 0.15 },
];
/** A mode lasts this long in the mean, s: 0.95 from frame to frame at 30 fps (ml.md 5). */
const MODE_LASTS_S = 0.65;
/** At first sight. */
const FIRST: Triple<number> = [0.4, 0.4, 0.2];
/** Fastest that any mode goes on by itself, mm/s (ml.md 5). */
const SPEED_MAX_MM = 60;
/** No mode is ever so improbable that it could not come back. */
const PROBABILITY_MIN = 1e-3;

/** At a first measurement. */
export function startAlong(value: number, variance: number, rateSigma: number): AlongShaft {
  const filter = startRateFilter(value, variance, rateSigma);
  return { filters: [filter, filter, filter], probabilities: FIRST };
}

/** Advances by a time, s: modes may change, then each moves in its own way. */
export function predictAlong(along: AlongShaft, seconds: number): AlongShaft {
  if (seconds <= 0) return along;
  const stay = Math.exp(-seconds / MODE_LASTS_S);
  const change = (1 - stay) / 2;
  const { filters, probabilities } = along;
  const from = (to: number) =>
    mapTriple(probabilities, (p, mode) => p * (mode === to ? stay : change));
  const predicted = (to: 0 | 1 | 2): readonly [RateFilter, number] => {
    const weights = from(to);
    const total = weights[0] + weights[1] + weights[2];
    const mixed = mix(
      filters,
      mapTriple(weights, (weight) => weight / total),
    );
    return [predictRate(mixed, seconds, MODES[to]), total];
  };
  const [still, steady, quick] = [predicted(0), predicted(1), predicted(2)];
  return {
    filters: [still[0], steady[0], quick[0]],
    probabilities: [still[1], steady[1], quick[1]],
  };
}

/** Takes in a measurement, and which modes it speaks for. */
export function updateAlong(along: AlongShaft, measured: number, variance: number): AlongShaft {
  const { filters, probabilities } = along;
  const distances = mapTriple(filters, ({ value, valueVar }) => {
    return (measured - value) ** 2 / (valueVar + variance);
  });
  // Relative to the best mode, so that a far measurement does not make all of them vanish.
  const nearest = Math.min(...distances);
  const likelihoods = mapTriple(filters, ({ valueVar }, mode) => {
    return Math.exp((nearest - distances[mode]) / 2) / Math.sqrt(valueVar + variance);
  });
  const weights = mapTriple(probabilities, (p, mode) => p * likelihoods[mode]);
  return {
    filters: mapTriple(filters, (filter) => limited(updateRate(filter, measured, variance))),
    probabilities: normalised(weights),
  };
}

/** All modes as one. */
export function alongAsOne({ filters, probabilities }: AlongShaft): RateFilter {
  return mix(filters, probabilities);
}

/** Variance of the value in the mode that allows most: what a gate has to let through. */
export function widestVariance({ filters }: AlongShaft): number {
  return Math.max(filters[0].valueVar, filters[1].valueVar, filters[2].valueVar);
}

/** Seen from another origin. */
export function shiftedAlong(along: AlongShaft, by: number): AlongShaft {
  return { ...along, filters: mapTriple(along.filters, (filter) => shiftedRate(filter, by)) };
}

/** Of a needle from the other side. */
export function turnedAlong(along: AlongShaft): AlongShaft {
  return { ...along, filters: mapTriple(along.filters, turnedRate) };
}

/** Probabilities by name. */
export function modesOf({ probabilities }: AlongShaft): MotionModes {
  const [stationary, advancing, reciprocating] = probabilities;
  return { stationary, advancing, reciprocating };
}

/** One normal distribution with the mean and the variance of the mixture. */
function mix(filters: Triple<RateFilter>, weights: Triple<number>): RateFilter {
  const mean = (of: (filter: RateFilter) => number): number =>
    weights[0] * of(filters[0]) + weights[1] * of(filters[1]) + weights[2] * of(filters[2]);
  const value = mean((filter) => filter.value);
  const rate = mean((filter) => filter.rate);
  return {
    value,
    rate,
    valueVar: mean((filter) => filter.valueVar + (filter.value - value) ** 2),
    covar: mean((filter) => filter.covar + (filter.value - value) * (filter.rate - rate)),
    rateVar: mean((filter) => filter.rateVar + (filter.rate - rate) ** 2),
  };
}

function limited(filter: RateFilter): RateFilter {
  const rate = Math.max(-SPEED_MAX_MM, Math.min(SPEED_MAX_MM, filter.rate));
  return { ...filter, rate };
}

function normalised(weights: Triple<number>): Triple<number> {
  const total = weights[0] + weights[1] + weights[2];
  const kept = mapTriple(weights, (weight) => Math.max(PROBABILITY_MIN, weight / total));
  const keptTotal = kept[0] + kept[1] + kept[2];
  return mapTriple(kept, (weight) => weight / keptTotal);
}

function mapTriple<T, U>(triple: Triple<T>, of: (item: T, index: 0 | 1 | 2) => U): Triple<U> {
  return [of(triple[0], 0), of(triple[1], 1), of(triple[2], 2)];
}
