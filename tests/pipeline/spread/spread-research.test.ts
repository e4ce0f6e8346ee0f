import { describe, expect, it } from 'vitest';
import type { TrackedStructure } from '../../../src/pipeline/frame-context.js';
import { picture, play, radiusPx, TIP } from './injected-pictures.js';

/** A nerve to the right of the tip. */
const NERVE_AT = { xPx: TIP.xPx + 40, yPx: TIP.yPx };
const nerve = (radius: number, changes: Partial<TrackedStructure> = {}): TrackedStructure => ({
  id: 3,
  class: 'nerve',
  confidence: 0.9,
  contour: Array.from({ length: 36 }, (_, index) => ({
    xPx: NERVE_AT.xPx + radius * Math.cos((index * Math.PI) / 18),
    yPx: NERVE_AT.yPx + radius * Math.sin((index * Math.PI) / 18),
  })),
  areaMm2: null,
  isCoasting: false,
  ...changes,
});
const pool = (timeS: number) =>
  picture(timeS < 0.2 ? [] : [{ centre: TIP, radiusPx: radiusPx(20 * (timeS - 0.2)), level: 8 }]);
const played = (structures: (timeS: number) => readonly TrackedStructure[], isResearch = true) =>
  play(60, (timeS) => ({ picture: pool(timeS), structures: structures(timeS) }), { isResearch });

describe('the spread round a nerve (research)', () => {
  it('has a contact angle, and the area of the nerve against before the injection', () => {
    // The pool has a radius of 22 px by then: it reaches 2 px into the nerve's outline.
    const { spread, all } = played((timeS) => [nerve(timeS < 1 ? 20 : 22)]);
    expect(spread?.research?.nerveId).toBe(3);
    expect(spread?.research?.contactAngleDeg).toBeGreaterThan(20);
    expect(spread?.research?.contactAngleDeg).toBeLessThan(90);
    expect(spread?.research?.nerveAreaRatio).toBeCloseTo(1.21, 5);
    const early = all.find((one) => one.spread?.state === 'seen')?.spread;
    expect(early?.research).toEqual({ nerveId: 3, contactAngleDeg: 0, nerveAreaRatio: 1 });
  });

  it('does not compare a nerve that was not outlined before the injection', () => {
    const { spread } = played((timeS) => [nerve(20, { id: timeS < 0.5 ? 3 : 4 })]);
    expect(spread?.research).toMatchObject({ nerveId: 4, nerveAreaRatio: null });
  });

  it('is null without a nerve in the frame, and without the flag', () => {
    expect(played(() => []).spread).toMatchObject({ state: 'seen', research: null });
    expect(played(() => [nerve(20, { isCoasting: true })]).spread?.research).toBeNull();
    expect(played(() => [nerve(20)], false).spread).toMatchObject({ research: null });
  });
});
