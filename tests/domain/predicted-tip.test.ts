import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Insertion } from '../../src/domain/guidance.js';
import {
  PREDICTION_MAX_MM,
  PREDICTION_MAX_MS,
  predictTip,
} from '../../src/domain/predicted-tip.js';
import { distanceMm } from '../../src/domain/spacing.js';
import { sampleOverlay } from '../protocol/sample-overlay.js';

const sample = sampleOverlay();
const spacing = { xMm: 0.1, yMm: 0.2 };
const insertion = (changes: Partial<Insertion> = {}): Insertion => ({
  angleDeg: 30,
  headingDeg: 0,
  speedMmPerS: 10,
  entry: null,
  ...changes,
});
const overlayWith = (how: Insertion | null, changes: object = {}) => ({
  needle: { ...sample.needle, ...NEEDLE, ...changes },
  guidance: { ...sample.guidance, insertion: how },
  spacing,
});
const NEEDLE = {
  state: 'tip-visible',
  tip: { xPx: 100, yPx: 100 },
  radius90Px: 4,
  radius90Mm: 0.5,
} as const;

describe('a predicted tip', () => {
  it('lies ahead by speed and time along the heading, or behind when drawn back', () => {
    const ahead = predictTip(overlayWith(insertion()), 50);
    expect(ahead?.tip.xPx).toBeCloseTo(105);
    expect(ahead?.aheadMs).toBe(50);
    const back = predictTip(overlayWith(insertion({ speedMmPerS: -10, headingDeg: 90 })), 40);
    expect(back?.tip.yPx).toBeCloseTo(98);
  });

  it('never goes farther than 80 ms and 1 mm, and its ring holds the measured tip', () => {
    const speed = fc.double({ min: -200, max: 200, noNaN: true });
    const heading = fc.double({ min: 0, max: 360, noNaN: true });
    const time = fc.double({ min: -500, max: 2000, noNaN: true });
    fc.assert(
      fc.property(speed, heading, time, (speedMmPerS, headingDeg, aheadMs) => {
        const found = predictTip(overlayWith(insertion({ speedMmPerS, headingDeg })), aheadMs);
        if (found === null) return;
        const wayMm = distanceMm(found.tip, NEEDLE.tip, spacing);
        expect(wayMm).toBeLessThanOrEqual(PREDICTION_MAX_MM + 1e-9);
        expect(found.aheadMs).toBeLessThanOrEqual(PREDICTION_MAX_MS);
        expect(found.radius90Mm).toBeGreaterThanOrEqual(wayMm);
      }),
    );
  });

  it('is not made from a tip that is itself a prediction, or without speed or spacing', () => {
    expect(predictTip(overlayWith(insertion(), { state: 'tip-coasting' }), 50)).toBeNull();
    expect(predictTip(overlayWith(null), 50)).toBeNull();
    expect(predictTip(overlayWith(insertion({ speedMmPerS: null })), 50)).toBeNull();
    expect(predictTip({ ...overlayWith(insertion()), spacing: null }, 50)).toBeNull();
  });

  it('is not made of a needle that stands still, or of no time', () => {
    expect(predictTip(overlayWith(insertion({ speedMmPerS: 0.5 })), 50)).toBeNull();
    expect(predictTip(overlayWith(insertion()), 0)).toBeNull();
  });
});
