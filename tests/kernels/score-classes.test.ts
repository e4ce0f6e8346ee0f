import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassScores } from '../../src/kernels/kernels.js';
import { scoreClasses } from '../../src/kernels/score-classes.js';

function scoresOf(logits: readonly (readonly number[])[], classOf: readonly number[]): ClassScores {
  const cells = logits[0]?.length ?? 0;
  const scores = {
    labels: new Uint8Array(cells).fill(9),
    probabilities: new Float32Array((Math.max(...classOf) + 1) * cells).fill(9),
    best: new Float32Array(cells),
    second: new Float32Array(cells),
  };
  scoreClasses(Float32Array.from(logits.flat()), Uint8Array.from(classOf), scores);
  return scores;
}

describe('scoreClasses', () => {
  it('gives the softmax of each cell, its winner and its runner-up', () => {
    const logit = fc.double({ min: -12, max: 12, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.array(logit, { minLength: 2, maxLength: 9 }), (logits) => {
        const channels = logits.map((_, channel) => channel);
        const scores = scoresOf(
          logits.map((value) => [value]),
          channels,
        );
        const largest = Math.max(...logits);
        const parts = logits.map((value) => {
          return value - largest < -16 ? 0 : Math.exp(value - largest);
        });
        const total = parts.reduce((sum, part) => sum + part);
        for (const [channel, part] of parts.entries()) {
          expect(scores.probabilities[channel]).toBeCloseTo(part / total, 6);
        }
        const [best = 0, second = 0] = parts.map((part) => part / total).sort((a, b) => b - a);
        expect(scores.best[0]).toBeCloseTo(best, 6);
        expect(scores.second[0]).toBeCloseTo(second, 6);
        expect(logits[scores.labels[0] ?? -1]).toBeCloseTo(largest, 5);
      }),
    );
  });

  it('counts channels of one class together', () => {
    // Either channel alone loses against the first class, both together win.
    const scores = scoresOf([[1], [0.8], [0.8]], [0, 1, 1]);
    expect(scores.labels[0]).toBe(1);
    expect(scores.best[0]).toBeCloseTo(0.62, 2);
    expect(scores.second[0]).toBeCloseTo(0.38, 2);
  });

  it('lets the first of equal classes win', () => {
    const scores = scoresOf([[2], [2]], [0, 1]);
    expect(scores.labels[0]).toBe(0);
    expect(scores.best[0]).toBe(scores.second[0]);
  });
});
