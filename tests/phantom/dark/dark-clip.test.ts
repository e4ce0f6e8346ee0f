import { describe, expect, it } from 'vitest';
import { createDarkClip, type DarkKind } from '../../../src/phantom/dark/dark-clip.js';
import { createRandom } from '../../../src/phantom/random.js';

const KINDS: readonly DarkKind[] = ['ring-down', 'tank', 'gel', 'air', 'noise'];
const SEEDS = [11, 12, 13, 14, 15, 16];

function firstFrame(seed: number, kind: DarkKind) {
  return createDarkClip(createRandom(seed), kind).nextFrame();
}

/** Share of the sum of gray levels that lies in the upper third of the picture. */
function shareAbove(data: Uint8Array): number {
  const sum = (levels: Uint8Array): number => levels.reduce((total, level) => total + level, 0);
  return sum(data.subarray(0, data.length / 3)) / Math.max(1, sum(data));
}

describe('A clip without tissue', () => {
  it('is the same again from the same seed', () => {
    for (const kind of KINDS) {
      const [one, same, other] = [1, 1, 2].map((seed) => {
        const clip = createDarkClip(createRandom(seed), kind);
        return Buffer.concat([clip.nextFrame().image.data, clip.nextFrame().image.data]);
      });
      if (one === undefined || same === undefined) throw new Error('no clip');
      // Comparing element by element takes seconds.
      expect(one.equals(same)).toBe(true);
      expect(other?.equals(one)).toBe(false);
    }
  });

  it('holds no needle and no structure', () => {
    for (const kind of KINDS) {
      const { truth } = firstFrame(3, kind);
      expect(truth.needle).toBeNull();
      expect(truth.labels.classes).toEqual(['background']);
      expect(truth.labels.data.every((label) => label === 0)).toBe(true);
    }
  });

  it('says that the probe touches nothing, save in water and gel, where nobody says so', () => {
    for (const kind of KINDS) {
      const isCoupled = kind === 'tank' || kind === 'gel';
      expect(firstFrame(4, kind).truth.contact).toBe(isCoupled ? Number.NaN : 0);
    }
  });

  it('rings under the probe’s face rather than in its depth', () => {
    const shares = SEEDS.map((seed) => shareAbove(firstFrame(seed, 'ring-down').image.data));
    const noise = SEEDS.map((seed) => shareAbove(firstFrame(seed, 'noise').image.data));
    const mean = (values: readonly number[]): number =>
      values.reduce((total, value) => total + value, 0) / values.length;
    expect(mean(shares)).toBeGreaterThan(mean(noise));
  });

  it('leaves most of a tank black', () => {
    for (const seed of SEEDS) {
      const sorted = firstFrame(seed, 'tank').image.data.toSorted();
      expect(sorted[sorted.length >> 1]).toBeLessThan(90);
    }
  });
});
