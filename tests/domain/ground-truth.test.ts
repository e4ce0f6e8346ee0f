import { describe, expect, it } from 'vitest';
import { followedNeedle, isNeedleSeen, type NeedleTruth } from '../../src/domain/ground-truth.js';

const faint: NeedleTruth = {
  tip: { xPx: 5, yPx: 5 },
  tipVisible: false,
  approach: 'in-plane',
  shaft: { from: { xPx: 0, yPx: 0 }, to: { xPx: 5, yPx: 5 } },
  shaftVisibility: [0, 0.1],
};
const clear: NeedleTruth = { ...faint, tipVisible: true, shaftVisibility: [0.9, 1] };
const dot: NeedleTruth = { ...faint, approach: 'out-of-plane', shaft: null, shaftVisibility: [] };

describe('isNeedleSeen', () => {
  it('asks for a tip, a stretch of the shaft, or a dot', () => {
    expect([faint, clear, dot].map(isNeedleSeen)).toEqual([false, true, true]);
    expect(isNeedleSeen({ ...faint, shaftVisibility: [0, 0.5, 0] })).toBe(true);
    expect(isNeedleSeen({ ...faint, shaftVisibility: [] })).toBe(false);
  });
});

describe('followedNeedle', () => {
  it('is the moved one of two, or the one of which anything is seen', () => {
    const resting = { ...clear, tip: { xPx: 9, yPx: 9 } };
    expect(followedNeedle(clear, resting)).toEqual({ needle: clear, restingNeedle: resting });
    expect(followedNeedle(faint, resting)).toEqual({ needle: resting });
    expect(followedNeedle(null, resting)).toEqual({ needle: resting });
    expect(followedNeedle(faint, null)).toEqual({ needle: faint });
    expect(followedNeedle(null, null)).toEqual({ needle: null });
  });
});
