import { describe, expect, it } from 'vitest';
import {
  gateDistance,
  positionSigma,
  predict,
  startKalman,
  update,
} from '../../../src/pipeline/track/kalman.js';
import { seededRandom } from '../../support/speckle-image.js';

const noise = { xx: 1, xy: 0, yy: 1 };
const still = { xPx: 0, yPx: 0 };
const STEP_S = 1 / 30;

describe('the Kalman filter', () => {
  it('learns a velocity and predicts with it', () => {
    let filter = startKalman({ xPx: 0, yPx: 0 }, noise, 100);
    for (let frame = 1; frame <= 30; frame++) {
      filter = predict(filter, STEP_S, 1000, still);
      filter = update(filter, { xPx: 2 * frame, yPx: -frame }, noise);
    }
    expect(filter.velocity.xPx).toBeCloseTo(60, 0);
    expect(filter.velocity.yPx).toBeCloseTo(-30, 0);
    const ahead = predict(filter, 0.1, 1000, still);
    expect(ahead.position.xPx).toBeCloseTo(66, 0);
  });

  it('smooths noise on a needle that stands still', () => {
    const random = seededRandom(4);
    const normal = (): number => random() + random() + random() + random() - 2;
    let filter = startKalman({ xPx: 50, yPx: 50 }, noise, 10);
    let raw = 0;
    let smooth = 0;
    for (let frame = 0; frame < 300; frame++) {
      const measured = { xPx: 50 + 1.7 * normal(), yPx: 50 + 1.7 * normal() };
      filter = update(predict(filter, STEP_S, 200, still), measured, noise);
      if (frame < 30) continue;
      raw += (measured.xPx - 50) ** 2;
      smooth += (filter.position.xPx - 50) ** 2;
    }
    expect(smooth).toBeLessThan(0.6 * raw);
  });

  it('grows less sure the longer it predicts, and keeps a proper covariance', () => {
    let filter = startKalman({ xPx: 0, yPx: 0 }, { xx: 4, xy: 1, yy: 1 }, 50);
    let sigma = positionSigma(filter);
    for (let frame = 0; frame < 9; frame++) {
      filter = predict(filter, STEP_S, 500, still);
      expect(positionSigma(filter)).toBeGreaterThan(sigma);
      sigma = positionSigma(filter);
    }
    const updated = update(filter, { xPx: 3, yPx: 3 }, { xx: 9, xy: -2, yy: 1 });
    const { positions: p, velocities: v } = updated;
    expect(p.xx * p.yy - p.xy * p.xy).toBeGreaterThan(0);
    expect(v.xx * v.yy - v.xy * v.xy).toBeGreaterThan(0);
    expect(positionSigma(updated)).toBeLessThan(sigma);
  });

  it('moves along with a known drift without taking it for speed', () => {
    const filter = startKalman({ xPx: 10, yPx: 20 }, noise, 5);
    const moved = predict(filter, STEP_S, 100, { xPx: 3, yPx: -4 });
    expect(moved.position).toEqual({ xPx: 13, yPx: 16 });
    expect(moved.velocity).toEqual({ xPx: 0, yPx: 0 });
  });

  it('gates by direction: far along a loose axis is nearer than a bit across a tight one', () => {
    const filter = startKalman({ xPx: 0, yPx: 0 }, { xx: 25, xy: 0, yy: 0.25 }, 1);
    const tight = { xx: 0, xy: 0, yy: 0 };
    expect(gateDistance(filter, { xPx: 5, yPx: 0 }, tight)).toBeCloseTo(1);
    expect(gateDistance(filter, { xPx: 0, yPx: 2 }, tight)).toBeCloseTo(16);
  });
});
