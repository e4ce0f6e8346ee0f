/**
 * A Kalman filter of one quantity and its rate of change: a length (mm, mm/s) or an angle (rad,
 * rad/s). Everything that is known of a needle is such a quantity, because along its shaft, across
 * it and in its angle a needle moves independently. All steps return a new filter.
 */
export interface RateFilter {
  readonly value: number;
  /** Per second. */
  readonly rate: number;
  /** Variance of the value, covariance with the rate, variance of the rate. */
  readonly valueVar: number;
  readonly covar: number;
  readonly rateVar: number;
}

/** How a quantity moves by itself. */
export interface RateDynamics {
  /** Density of the white noise on the rate, unit²/s³. */
  readonly noiseDensity: number;
  /** After this time a rate is forgotten but for 1/e, s; Infinity for a steady movement. */
  readonly memoryS: number;
}

/** A filter at a first measurement, still as far as anyone knows. */
export function startRateFilter(value: number, variance: number, rateSigma: number): RateFilter {
  return { value, rate: 0, valueVar: variance, covar: 0, rateVar: rateSigma * rateSigma };
}

/** Advances the filter by a time, s, ≥ 0. */
export function predictRate(filter: RateFilter, seconds: number, how: RateDynamics): RateFilter {
  const { value, rate, valueVar, covar, rateVar } = filter;
  const isSteady = how.memoryS === Number.POSITIVE_INFINITY;
  const kept = isSteady ? 1 : Math.exp(-seconds / how.memoryS);
  const moved = isSteady ? seconds : how.memoryS * (1 - kept);
  const q = how.noiseDensity;
  return {
    value: value + moved * rate,
    rate: kept * rate,
    valueVar: valueVar + 2 * moved * covar + moved * moved * rateVar + (q * seconds ** 3) / 3,
    covar: kept * (covar + moved * rateVar) + (q * seconds * seconds) / 2,
    rateVar: kept * kept * rateVar + q * seconds,
  };
}

/** Takes in a measurement of the value with its variance, > 0. */
export function updateRate(filter: RateFilter, measured: number, variance: number): RateFilter {
  const { value, rate, valueVar, covar, rateVar } = filter;
  const total = valueVar + variance;
  const gain = valueVar / total;
  const rateGain = covar / total;
  const innovation = measured - value;
  return {
    value: value + gain * innovation,
    rate: rate + rateGain * innovation,
    valueVar: (valueVar * variance) / total,
    covar: (covar * variance) / total,
    rateVar: Math.max(0, rateVar - rateGain * covar),
  };
}

/** The same filter seen from another origin. */
export function shiftedRate(filter: RateFilter, by: number): RateFilter {
  return { ...filter, value: filter.value - by };
}

/** The same filter of the quantity with the opposite sign. */
export function turnedRate(filter: RateFilter): RateFilter {
  return { ...filter, value: -filter.value, rate: -filter.rate };
}
