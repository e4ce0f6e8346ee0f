import { expect, it } from 'vitest';
import { RADIUS90_PER_SIGMA, radius90OfAxes } from '../../src/domain/needle.js';

/** Probability within `radius`, summed over the wider axis. */
function within(radius: number, one: number, other: number): number {
  const steps = 4000;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const x = -radius + (2 * radius * (step + 0.5)) / steps;
    const half = Math.sqrt(radius * radius - x * x);
    const density = Math.exp(-((x / one) ** 2) / 2) / (one * Math.sqrt(2 * Math.PI));
    sum += density * (2 * normalBelow(half / other) - 1);
  }
  return (sum * 2 * radius) / steps;
}

/** The normal distribution function, by Abramowitz and Stegun 26.2.17. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

it.each([1, 0.8, 0.5, 0.3, 0.1])(
  'the radius holds 89.5 to 91 of 100: axes of 1 and %s',
  (other) => {
    const share = within(radius90OfAxes(1, other), 1, other);
    expect(share).toBeGreaterThan(0.895);
    expect(share).toBeLessThan(0.91);
  },
);

it('the 90 % radius of a circle is that of its sigma, whichever axis is the wider one', () => {
  expect(radius90OfAxes(2, 2)).toBeCloseTo(2 * RADIUS90_PER_SIGMA);
  expect(radius90OfAxes(1, 3)).toBe(radius90OfAxes(3, 1));
  expect(radius90OfAxes(0, 0)).toBe(0);
});
