import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointMm, PointPx } from '../../../src/domain/geometry.js';
import {
  ASSUMED_OUTLINE_ERROR,
  type CovarianceMm,
  distanceSigmaMm,
  lowerBoundMm,
  SPACING_SIGMA,
  upperBoundMm,
} from '../../../src/pipeline/guide/distance-bound.js';
import { outlineDistance } from '../../../src/pipeline/guide/outline-distance.js';

const direction = fc
  .double({ min: 0, max: 2 * Math.PI, noNaN: true })
  .map((angle): PointMm => ({ xMm: Math.cos(angle), yMm: Math.sin(angle) }));
const sigma = fc.double({ min: 0, max: 3, noNaN: true });
const distance = fc.double({ min: -10, max: 50, noNaN: true });
const along = fc.double({ min: 0, max: Math.PI, noNaN: true });

/** Covariance with these standard deviations along an axis at this angle, and across it. */
function covarianceAt(angle: number, alongMm: number, acrossMm: number): CovarianceMm {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const [a, b] = [alongMm ** 2, acrossMm ** 2];
  return { xx: c * c * a + s * s * b, xy: c * s * (a - b), yy: s * s * a + c * c * b };
}

describe('the bounds of a distance', () => {
  it('lie on either side of it', () => {
    fc.assert(
      fc.property(distance, along, sigma, sigma, direction, sigma, (d, angle, a, b, n, other) => {
        const error = { covariance: covarianceAt(angle, a, b), direction: n, otherSigmaMm: other };
        expect(lowerBoundMm(d, error)).toBeLessThanOrEqual(d);
        expect(upperBoundMm(d, error)).toBeGreaterThanOrEqual(d);
      }),
    );
  });

  it('move outwards with every uncertainty', () => {
    fc.assert(
      fc.property(distance, along, sigma, sigma, direction, sigma, (d, angle, a, b, n, other) => {
        const error = { covariance: covarianceAt(angle, a, b), direction: n, otherSigmaMm: other };
        const wider = { ...error, covariance: covarianceAt(angle, a + 0.1, b + 0.1) };
        const vaguer = { ...error, otherSigmaMm: other + 0.1 };
        expect(lowerBoundMm(d, wider)).toBeLessThanOrEqual(lowerBoundMm(d, error) + 1e-9);
        expect(lowerBoundMm(d, vaguer)).toBeLessThanOrEqual(lowerBoundMm(d, error) + 1e-9);
      }),
    );
  });

  it('take only what lies along the distance', () => {
    const covariance = covarianceAt(0, 2, 0);
    const beside = { covariance, direction: { xMm: 0, yMm: 1 }, otherSigmaMm: 0 };
    expect(distanceSigmaMm(0, beside)).toBeCloseTo(0, 12);
    expect(distanceSigmaMm(0, { ...beside, direction: { xMm: 1, yMm: 0 } })).toBeCloseTo(2, 12);
    expect(distanceSigmaMm(10, beside)).toBeCloseTo(10 * SPACING_SIGMA, 12);
  });
});

/** Park and Miller's generator and Box and Muller's transform: the same numbers every time. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** An ellipse as the network would outline it: 24 corners. */
function ellipse(rxMm: number, ryMm: number): readonly PointPx[] {
  return Array.from({ length: 24 }, (_, index) => {
    const angle = (2 * Math.PI * index) / 24;
    return { xPx: rxMm * Math.cos(angle) * 10, yPx: ryMm * Math.sin(angle) * 10 };
  });
}

/** Share of trials with the truth below the bound, when errors are as large as it takes them. */
function exceedance(rxMm: number, ryMm: number, trueMm: number, seed: number): number {
  const normal = normals(seed);
  const outline = ellipse(rxMm, ryMm);
  const stated = { xMm: 0.1, yMm: 0.1 };
  const trials = 6000;
  let below = 0;
  for (let trial = 0; trial < trials; trial++) {
    const around = (trial * 2 * Math.PI) / trials;
    const outwards = { xMm: Math.cos(around), yMm: Math.sin(around) };
    // Walk in from far away to the true distance.
    let reach = 300;
    for (let step = 0; step < 8; step++) {
      const here = { xPx: outwards.xMm * reach, yPx: outwards.yMm * reach };
      reach -= (outlineDistance(here, outline, stated).distanceMm - trueMm) * 10;
    }
    const tip = { xPx: outwards.xMm * reach, yPx: outwards.yMm * reach };
    const truth = outlineDistance(tip, outline, stated).distanceMm;
    const shaft = (trial * Math.PI) / 7;
    const [a, b] = [0.5 * normal(), 0.2 * normal()];
    const scale = 1 + SPACING_SIGMA * normal();
    const grown = ASSUMED_OUTLINE_ERROR.sigmaMm * normal();
    const measured = {
      xPx: tip.xPx + (a * Math.cos(shaft) - b * Math.sin(shaft)) * 10,
      yPx: tip.yPx + (a * Math.sin(shaft) + b * Math.cos(shaft)) * 10,
    };
    const seen = outlineDistance(measured, outline, stated);
    const distanceMm = (seen.distanceMm - grown) * scale;
    const bound = lowerBoundMm(distanceMm, {
      covariance: covarianceAt(shaft, 0.5, 0.2),
      direction: seen.away,
      otherSigmaMm: ASSUMED_OUTLINE_ERROR.sigmaMm,
    });
    if (truth < bound) below += 1;
  }
  return below / trials;
}

describe('the lower 90 % bound', () => {
  it.each([
    [3, 3, 0.5],
    [3, 3, 2],
    [3, 3, 5],
    [5, 2, 1],
    [5, 2, 4],
    [1.5, 1.5, 1],
    [1.5, 1.5, 3],
    [4, 3, -1],
  ])(
    'is above the truth in 7 to 13 of 100 cases: ellipse of %s by %s mm, at %s mm',
    (rx, ry, at) => {
      const share = exceedance(rx, ry, at, 12_345);
      expect(share).toBeGreaterThan(0.07);
      expect(share).toBeLessThan(0.13);
    },
  );
});
