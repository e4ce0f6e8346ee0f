import { expect, it } from 'vitest';
import { outlineErrors } from '../../../../src/cli/evaluation/guidance/fitted-outlines.js';

it('an outline error is its median and the normal spread of the side that a bound covers', () => {
  const samples = Array.from({ length: 101 }, (_, index) => ({
    class: 'nerve' as const,
    stated: 'nerve' as const,
    isSure: true,
    shortfallMm: 0,
    // Most lie before the true edge, far off; that side makes no bound too short.
    outlineMm: index < 50 ? -5 : 0.1 + (index - 50) * 0.01,
    tipMm: 0.2,
  }));
  expect(outlineErrors(samples)).toEqual([
    {
      class: 'nerve',
      isSure: true,
      biasMm: 0.1,
      sigmaMm: Number((0.4 / 1.2816).toFixed(3)),
      segments: 101,
      tipMedianMm: 0.2,
      tipP90Mm: 0.2,
    },
  ]);
});
