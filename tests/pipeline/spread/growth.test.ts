import { describe, expect, it } from 'vitest';
import { type Growth, NO_GROWTH, nextGrowth } from '../../../src/pipeline/spread/growth.js';

/** 20 mm² a second, at 15 frames a second, round a tip of that speed. */
function grown(tipMmPerS: number, frames = 12): Growth {
  let growth = NO_GROWTH;
  for (let index = 0; index < frames; index++) {
    const timeS = index / 15;
    const tipMm = { xMm: tipMmPerS * timeS, yMm: 20 };
    growth = nextGrowth(growth, 20 * timeS, tipMm, Math.round(timeS * 1e6));
  }
  return growth;
}

describe('the growth of the changed area', () => {
  it('is fluid round a needle that rests or goes slowly', () => {
    expect(grown(0).onsetUs).not.toBeNull();
    expect(grown(5).onsetUs).not.toBeNull();
  });

  it('is none round a needle that is drawn back: it uncovers and covers tissue', () => {
    expect(grown(20).onsetUs).toBeNull();
  });
});
