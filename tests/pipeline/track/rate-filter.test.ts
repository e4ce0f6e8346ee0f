import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  predictRate,
  type RateDynamics,
  startRateFilter,
  updateRate,
} from '../../../src/pipeline/track/rate-filter.js';

const STEADY: RateDynamics = { noiseDensity: 100, memoryS: Number.POSITIVE_INFINITY };
const SHORT: RateDynamics = { noiseDensity: 100, memoryS: 0.05 };
const STEP_S = 1 / 30;

describe('a quantity and its rate', () => {
  it('learns the rate of a steady movement', () => {
    let filter = startRateFilter(0, 0.04, 20);
    for (let frame = 1; frame <= 30; frame++) {
      filter = updateRate(predictRate(filter, STEP_S, STEADY), 10 * frame * STEP_S, 0.04);
    }
    expect(filter.value).toBeCloseTo(10, 1);
    expect(filter.rate).toBeCloseTo(10, 0);
  });

  it('forgets a rate after its memory and stops there', () => {
    const moving = { ...startRateFilter(0, 0.1, 1), rate: 20 };
    const later = predictRate(moving, 1, SHORT);
    expect(later.rate).toBeCloseTo(0, 5);
    expect(later.value).toBeCloseTo(20 * 0.05, 5);
  });

  it('moves towards a measurement, never beyond it, and is surer of itself afterwards', () => {
    const variance = fc.double({ min: 1e-3, max: 100, noNaN: true });
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(value, variance, variance, (measured, own, noise) => {
        const before = predictRate(startRateFilter(0, own, 5), STEP_S, STEADY);
        const after = updateRate(before, measured, noise);
        expect(Math.abs(after.value)).toBeLessThanOrEqual(Math.abs(measured) + 1e-9);
        expect(after.valueVar).toBeLessThan(before.valueVar);
        expect(after.rateVar).toBeLessThanOrEqual(before.rateVar);
      }),
    );
  });

  it('is less sure the longer it was not measured', () => {
    const filter = startRateFilter(0, 0.1, 5);
    const soon = predictRate(filter, 0.1, SHORT);
    const late = predictRate(filter, 0.3, SHORT);
    expect(late.valueVar).toBeGreaterThan(soon.valueVar);
    expect(predictRate(filter, 0, SHORT)).toEqual(filter);
  });
});
