import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alongAsOne, widestVariance } from '../../../src/pipeline/track/along-shaft.js';
import {
  advanceShaft,
  gateDistance,
  pointCovariance,
  type ShaftFilter,
  type ShaftSight,
  startShaftFilter,
  updateShaft,
  updateShaftLine,
} from '../../../src/pipeline/track/shaft-filter.js';

const spacing = { xMm: 0.1, yMm: 0.2 };
const STILL = { xPx: 0, yPx: 0 };
const STEP_S = 1 / 30;

const sightAt = (xPx: number, yPx: number, changes: Partial<ShaftSight> = {}): ShaftSight => ({
  point: { xPx, yPx },
  from: { xPx: xPx - 200, yPx: yPx - 50 },
  sigmaAlongMm: 0.6,
  sigmaAcrossMm: 0.2,
  ...changes,
});
const start = () => startShaftFilter(sightAt(300, 200), spacing);

/** Length of a way in the image, mm. */
const wayMm = (a: ShaftFilter, b: ShaftFilter): number =>
  Math.hypot((b.point.xPx - a.point.xPx) * spacing.xMm, (b.point.yPx - a.point.yPx) * spacing.yMm);

describe('a point of a needle in the axes of its shaft', () => {
  it('knows its direction in mm, not in pixels', () => {
    // 200 px of 0.1 mm to the right, 50 px of 0.2 mm down.
    expect(start().angle.value).toBeCloseTo(Math.atan2(10, 20));
  });

  it('lets pass along the shaft what it stops across it', () => {
    const filter = start();
    const along = sightAt(300 + 8, 200 + 2);
    const across = sightAt(300 - 4, 200 + 4);
    expect(gateDistance(filter, along, spacing)).toBeLessThan(2);
    expect(gateDistance(filter, across, spacing)).toBeGreaterThan(9.21);
  });

  it('goes along with tissue that is displaced', () => {
    const filter = advanceShaft(start(), STEP_S, { xPx: 7, yPx: -3 }, spacing);
    expect(filter.point).toEqual({ xPx: 307, yPx: 197 });
    expect(alongAsOne(filter.along).rate).toBe(0);
  });

  it('keeps to the line of a shaft whose end is not the tip', () => {
    const filter = advanceShaft(start(), STEP_S, STILL, spacing);
    const line = { from: { xPx: 100, yPx: 152 }, to: { xPx: 200, yPx: 177 } };
    const after = updateShaftLine(filter, line, 6.63, spacing);
    expect(after.point.yPx).toBeGreaterThan(filter.point.yPx);
    expect(wayMm(filter, after)).toBeLessThan(0.4);
    const elsewhere = { from: { xPx: 100, yPx: 400 }, to: { xPx: 200, yPx: 425 } };
    expect(updateShaftLine(filter, elsewhere, 6.63, spacing)).toBe(filter);
  });

  it('turns round once the shaft lies on the other side for long enough', () => {
    let filter = start();
    const before = filter.angle.value;
    const back = sightAt(300, 200, { from: { xPx: 500, yPx: 250 } });
    for (let frame = 0; frame < 8; frame++) {
      const moved = advanceShaft(filter, STEP_S, STILL, spacing);
      expect(Math.cos(moved.angle.value - before)).toBeGreaterThan(0);
      filter = updateShaft(moved, back, spacing);
    }
    expect(Math.cos(filter.angle.value - before)).toBeLessThan(-0.99);
  });

  it('states its covariance in image axes: positive, longest along the shaft', () => {
    const { xx, xy, yy } = pointCovariance(start(), spacing);
    expect(xx * yy - xy * xy).toBeGreaterThan(0);
    expect(xx).toBeGreaterThan(yy);
    expect(xy).toBeGreaterThan(0);
    expect(xx * spacing.xMm ** 2 + yy * spacing.yMm ** 2).toBeCloseTo(0.6 ** 2 + 0.2 ** 2);
  });

  it('never moves farther in a frame than its speed limit and its gate let it', () => {
    const offset = fc.double({ min: -60, max: 60, noNaN: true });
    const seconds = fc.double({ min: 0.01, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(offset, offset, seconds), { maxLength: 30 }), (steps) => {
        let filter = start();
        for (const [dx, dy, elapsed] of steps) {
          const moved = advanceShaft(filter, elapsed, STILL, spacing);
          const acrossMm = Math.abs(filter.across.rate) * elapsed;
          expect(wayMm(filter, moved)).toBeLessThanOrEqual(60 * elapsed + acrossMm + 1e-6);
          const sight = sightAt(moved.point.xPx + dx, moved.point.yPx + dy);
          filter = moved;
          if (gateDistance(moved, sight, spacing) > 9.21) continue;
          filter = updateShaft(moved, sight, spacing);
          const alongVar = widestVariance(moved.along) + sight.sigmaAlongMm ** 2;
          const acrossVar = moved.across.valueVar + sight.sigmaAlongMm ** 2;
          const gateMm = Math.sqrt(9.21 * (alongVar + acrossVar));
          expect(wayMm(moved, filter)).toBeLessThanOrEqual(gateMm + 1e-6);
        }
      }),
    );
  });

  it('stays finite whatever it is shown', () => {
    const place = fc.double({ min: -2000, max: 2000, noNaN: true });
    const sigma = fc.double({ min: 1e-3, max: 50, noNaN: true });
    const sight = fc.record({
      point: fc.record({ xPx: place, yPx: place }),
      from: fc.record({ xPx: place, yPx: place }),
      sigmaAlongMm: sigma,
      sigmaAcrossMm: sigma,
    });
    fc.assert(
      fc.property(fc.array(sight, { minLength: 1, maxLength: 20 }), (sights) => {
        const [first, ...later] = sights;
        if (first === undefined) return;
        let filter = startShaftFilter(first, spacing);
        for (const next of later) {
          filter = updateShaft(advanceShaft(filter, STEP_S, STILL, spacing), next, spacing);
          const { xx, yy } = pointCovariance(filter, spacing);
          const { xPx, yPx } = filter.point;
          for (const value of [xPx, yPx, xx, yy, filter.angle.value]) {
            expect(Number.isFinite(value)).toBe(true);
          }
          expect(Math.min(xx, yy)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
