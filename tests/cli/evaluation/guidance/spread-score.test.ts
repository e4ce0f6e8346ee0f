import { describe, expect, it } from 'vitest';
import { createInjectionScorer } from '../../../../src/cli/evaluation/guidance/spread-score.js';

const EVENT = { kind: 'injection', fromS: 10, toS: 15, structure: null } as const;
const seen = (areaMm2: number) => ({
  injection: 1,
  state: 'seen' as const,
  onsetUs: 0,
  areaMm2,
  rateMm2PerS: null,
  centroid: null,
  vesselId: null,
});

describe('the score of an injection', () => {
  it('is the delay until it is seen and the median error of its area', () => {
    const scorer = createInjectionScorer(EVENT);
    scorer.add(10.2, null, undefined);
    scorer.add(10.25, 6, seen(1));
    scorer.add(11.5, 40, seen(36));
    scorer.add(12, 50, seen(55));
    scorer.add(13, 60, seen(30));
    const { onsetDelayMs, areaError } = scorer.score();
    expect(onsetDelayMs).toBeCloseTo(250);
    expect(areaError).toBeCloseTo(0.1);
  });

  it('is never, without an area, where it was not seen', () => {
    const scorer = createInjectionScorer(EVENT);
    scorer.add(12, 50, { ...seen(0), state: 'not-seen' });
    const never = { hasFluid: true, onsetDelayMs: Number.POSITIVE_INFINITY, areaError: null };
    expect(scorer.score()).toEqual(never);
  });

  it('tells an injection of which nothing comes into the image from one with fluid', () => {
    const scorer = createInjectionScorer({ ...EVENT, kind: 'unseen-injection' });
    scorer.add(12, null, seen(8));
    expect(scorer.score()).toMatchObject({ hasFluid: false, areaError: null });
  });
});
