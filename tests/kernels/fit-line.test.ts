import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import { seededRandom } from '../support/speckle-image.js';

type Vote = readonly [x: number, y: number, angle: number, weight: number];

function fitted(votes: readonly Vote[]) {
  return kernels.fitLine(Float32Array.from(votes.flat()), votes.length, new Float32Array(4096));
}

/** Votes along a line at `angle` through (30, 30), with noise. */
function lineVotes(angle: number, length: number, noise: number, seed: number): Vote[] {
  const random = seededRandom(seed);
  const votes: Vote[] = [];
  for (let along = -length / 2; along <= length / 2; along += 0.8) {
    const off = noise * (random() + random() - 1);
    const x = 30 + along * Math.cos(angle) - off * Math.sin(angle);
    const y = 30 + along * Math.sin(angle) + off * Math.cos(angle);
    votes.push([x, y, angle + noise * 0.3 * (random() - 0.5), 0.9]);
  }
  return votes;
}

const degreesApart = (
  fitted: { directionX: number; directionY: number },
  angle: number,
): number => {
  const sine = fitted.directionX * Math.sin(angle) - fitted.directionY * Math.cos(angle);
  return (Math.asin(Math.min(1, Math.abs(sine))) * 180) / Math.PI;
};

describe('fitLine', () => {
  it.each([0, 0.3, 0.8, 1.5, 1.6, 2.4, 3.1])(
    'finds a noisy line at %f rad to half a degree',
    (angle) => {
      const line = fitted(lineVotes(angle, 36, 0.5, 3));
      expect(line).not.toBeNull();
      if (line === null) return;
      expect(degreesApart(line, angle)).toBeLessThan(0.5);
      expect(line.to - line.from).toBeGreaterThan(34);
      expect(line.to - line.from).toBeLessThan(38);
      expect(line.spread).toBeLessThan(0.4);
    },
  );

  it('is not pulled by a shorter second line', () => {
    const second = lineVotes(2.2, 14, 0.3, 5).map(([x, y, a, w]): Vote => [x - 14, y + 16, a, w]);
    const line = fitted([...lineVotes(0.4, 36, 0.3, 4), ...second]);
    expect(line && degreesApart(line, 0.4)).toBeLessThan(0.7);
  });

  it('is not pulled by scattered false cells', () => {
    const random = seededRandom(9);
    const stray = Array.from(
      { length: 12 },
      (): Vote => [60 * random(), 60 * random(), 3 * random(), 0.6],
    );
    const line = fitted([...lineVotes(0.7, 30, 0.3, 6), ...stray]);
    expect(line && degreesApart(line, 0.7)).toBeLessThan(0.7);
  });

  it('ends where the votes end, not at a stray cell far along the line', () => {
    const line = fitted([...lineVotes(0, 20, 0, 1), [59, 30, 0, 0.9]]);
    expect(line && line.x + line.to).toBeCloseTo(39.2, 1);
  });

  it('finds no line in too few votes', () => {
    expect(fitted([])).toBeNull();
    expect(fitted(lineVotes(0.5, 2, 0, 1).slice(0, 3))).toBeNull();
  });

  it('finds a line through four votes on one point without failing', () => {
    const line = fitted(Array.from({ length: 5 }, (): Vote => [3, 4, 1, 1]));
    expect(line && line.to - line.from).toBe(0);
  });
});
