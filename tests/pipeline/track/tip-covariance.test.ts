import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import {
  advanceShaft,
  pointCovariance,
  type ShaftFilter,
  type ShaftSight,
  startShaftFilter,
  updateShaft,
} from '../../../src/pipeline/track/shaft-filter.js';
import { tipCovariance } from '../../../src/pipeline/track/tip-covariance.js';

const SPACING = { xMm: 0.1, yMm: 0.1 };
const STILL: PointPx = { xPx: 0, yPx: 0 };
const FRAME_S = 1 / 15;
const SIGMA_ALONG_MM = 0.3;
const SIGMA_ACROSS_MM = 0.15;

/** A sight of a tip whose shaft comes from the left, so that x is along and y across. */
function sightAt(alongMm: number, acrossMm: number): ShaftSight {
  const point = { xPx: alongMm * 10, yPx: acrossMm * 10 };
  const from = { xPx: point.xPx - 300, yPx: point.yPx };
  return { point, from, sigmaAlongMm: SIGMA_ALONG_MM, sigmaAcrossMm: SIGMA_ACROSS_MM };
}

function followed(sights: readonly ShaftSight[]): ShaftFilter {
  const [first = sightAt(0, 0), ...others] = sights;
  let filter = startShaftFilter(first, SPACING);
  for (const sight of others) {
    filter = updateShaft(advanceShaft(filter, FRAME_S, STILL, SPACING), sight, SPACING);
  }
  return filter;
}

/** Park and Miller's generator and Box and Muller's transform: the same numbers every time. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Share of runs whose tip truly lies beyond the one-sided 90 % quantile along the shaft. */
function beyond(
  trueMm: (frame: number) => number,
  { lastingErrors, lasting }: { readonly lastingErrors: number; readonly lasting: number },
  side: 1 | -1,
): number {
  const normal = normals(4711);
  const runs = 1000;
  const frames = 25;
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const stays = Math.sqrt(lastingErrors) * normal();
    const errorMm = () => SIGMA_ALONG_MM * (stays + Math.sqrt(1 - lastingErrors) * normal());
    const sights = Array.from({ length: frames }, (_, frame) =>
      sightAt(trueMm(frame) + errorMm(), SIGMA_ACROSS_MM * normal()),
    );
    const last = sights.at(-1) ?? sightAt(0, 0);
    const filter = followed(sights);
    const { xx } = tipCovariance(filter, last, lasting, SPACING);
    const errorPx = filter.point.xPx - 10 * trueMm(frames - 1);
    if (side * errorPx > 1.2816 * Math.sqrt(xx)) count += 1;
  }
  return count / runs;
}

describe('the uncertainty of a followed tip', () => {
  it('is the filter’s own where its errors are new in every frame and agree with it', () => {
    const sight = sightAt(0, 0);
    const filter = followed(Array.from({ length: 12 }, () => sight));
    const own = pointCovariance(filter, SPACING);
    const covariance = tipCovariance(filter, sight, 0, SPACING);
    expect(covariance.xx).toBeCloseTo(own.xx, 9);
    expect(covariance.yy).toBeCloseTo(own.yy, 9);
    expect(Math.sqrt(covariance.xx) * SPACING.xMm).toBeLessThan(SIGMA_ALONG_MM);
  });

  it('is never below the filter’s, nor below what lasts of the sight’s', () => {
    const offset = fc.double({ min: -2, max: 2, noNaN: true });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(offset, offset, share, (along, across, lasting) => {
        const sight = sightAt(along, across);
        const filter = updateShaft(followed([sightAt(0, 0), sightAt(0, 0)]), sight, SPACING);
        const own = pointCovariance(filter, SPACING);
        const { xx, yy } = tipCovariance(filter, sight, lasting, SPACING);
        const less = SIGMA_ACROSS_MM ** 2 * lasting * 100 - 1e-6;
        expect(xx).toBeGreaterThanOrEqual(own.xx - 1e-9);
        expect(yy).toBeGreaterThanOrEqual(own.yy - 1e-9);
        expect(xx).toBeGreaterThanOrEqual(less);
        expect(yy).toBeGreaterThanOrEqual(less);
      }),
    );
  });

  it('grows where the filter and the sight contradict one another', () => {
    const filter = followed(Array.from({ length: 12 }, () => sightAt(0, 0)));
    const near = tipCovariance(filter, sightAt(0.3, 0), 0, SPACING);
    const far = tipCovariance(filter, sightAt(2, 0), 0, SPACING);
    expect(far.xx).toBeGreaterThan(near.xx + 100 * (2 - 2 * SIGMA_ALONG_MM) ** 2 - 1);
    expect(far.yy).toBeCloseTo(near.yy, 6);
  });

  it.each([
    ['a tip held still', () => 0, 0],
    ['one pushed on', (frame: number) => 0.5 * frame, 0],
    ['one held still, with errors that mostly last', () => 0, 0.6],
    ['one pushed on, with errors that mostly last', (frame: number) => 0.5 * frame, 0.6],
  ] as const)(
    'holds the truth in at least 87 of 100 cases on either side: %s',
    (_, at, lasting) => {
      for (const side of [1, -1] as const) {
        const share = beyond(at, { lastingErrors: lasting, lasting }, side);
        expect(share).toBeLessThan(0.13);
      }
    },
  );

  it('would claim too much of errors that last without knowing of them', () => {
    const share = beyond(() => 0, { lastingErrors: 0.6, lasting: 0 }, 1);
    expect(share).toBeGreaterThan(0.13);
  });

  it('holds it again five frames after the needle has begun to move', () => {
    const at = (frame: number) => 0.5 * Math.max(0, frame - 19);
    expect(beyond(at, { lastingErrors: 0, lasting: 0 }, -1)).toBeLessThan(0.13);
  });

  it('is not much too large while the needle is pushed on', () => {
    const share = beyond((frame) => 0.5 * frame, { lastingErrors: 0, lasting: 0 }, 1);
    expect(share).toBeGreaterThan(0.05);
  });
});
