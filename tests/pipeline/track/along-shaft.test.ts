import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/phantom/random.js';
import {
  type AlongShaft,
  alongAsOne,
  modesOf,
  predictAlong,
  startAlong,
  turnedAlong,
  updateAlong,
} from '../../../src/pipeline/track/along-shaft.js';

const STEP_S = 1 / 30;
const NOISE_MM = 0.2;

/** A filter that was shown a movement, mm over s, for two seconds. */
function watch(placeAt: (seconds: number) => number): AlongShaft {
  const random = createRandom(5);
  let along = startAlong(placeAt(0), NOISE_MM ** 2, 20);
  for (let frame = 1; frame <= 60; frame++) {
    const measured = placeAt(frame * STEP_S) + NOISE_MM * random.gaussian();
    along = updateAlong(predictAlong(along, STEP_S), measured, NOISE_MM ** 2);
  }
  return along;
}

describe('movement along the shaft', () => {
  it('tells standing still, advancing and to-and-fro apart', () => {
    const still = modesOf(watch(() => 0));
    expect(still.stationary).toBeGreaterThan(still.advancing);
    const pushed = modesOf(watch((seconds) => 15 * seconds));
    expect(pushed.stationary).toBeLessThan(0.1);
    expect(pushed.advancing).toBeGreaterThan(0.5);
    const worked = modesOf(watch((seconds) => 4 * Math.sin(2 * Math.PI * 2.5 * seconds)));
    expect(worked.reciprocating).toBeGreaterThan(0.5);
  });

  it('knows the speed, with its sign', () => {
    expect(alongAsOne(watch((seconds) => 12 * seconds)).rate).toBeCloseTo(12, -1);
    expect(alongAsOne(watch((seconds) => -12 * seconds)).rate).toBeCloseTo(-12, -1);
    expect(Math.abs(alongAsOne(watch(() => 3)).rate)).toBeLessThan(1);
  });

  it('has probabilities that sum to 1 and no mode that cannot come back', () => {
    const places = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(places, (measured) => {
        let along = startAlong(0, 0.04, 20);
        for (const place of measured) {
          along = updateAlong(predictAlong(along, STEP_S), place, 0.04);
          const [a, b, c] = along.probabilities;
          expect(a + b + c).toBeCloseTo(1, 9);
          expect(Math.min(a, b, c)).toBeGreaterThan(0);
          expect(Number.isFinite(alongAsOne(along).value)).toBe(true);
          expect(Math.abs(alongAsOne(along).rate)).toBeLessThanOrEqual(60 + 1e-9);
        }
      }),
    );
  });

  it('is the same movement with the opposite sign from the other side', () => {
    const along = watch((seconds) => 12 * seconds);
    const { value, rate } = alongAsOne(along);
    expect(alongAsOne(turnedAlong(along))).toMatchObject({ value: -value, rate: -rate });
  });
});
