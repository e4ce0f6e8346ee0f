import { describe, expect, it } from 'vitest';
import { createOtherNegative } from '../../../src/cli/training/other-negatives.js';
import { LABEL_UNKNOWN } from '../../../src/cli/training/shard-record.js';
import type { SimulatedClip } from '../../../src/domain/phantom-clip.js';
import { createRandom } from '../../../src/phantom/random.js';

/** The first clip of a family that a seed draws. */
function find(family: string): SimulatedClip {
  for (let seed = 0; seed < 500; seed++) {
    const clip = createOtherNegative(createRandom(seed));
    if (clip.family === family) return clip;
  }
  throw new Error(`no ${family} in 500 seeds`);
}

describe('A negative of the other source', () => {
  it('is plain or dark, dim or lost', () => {
    const families = Array.from(
      { length: 48 },
      (_, seed) => createOtherNegative(createRandom(seed)).family,
    );
    for (const kind of ['black', 'menu', 'noise', 'air', 'ring-down', 'tank', 'dim', 'lost']) {
      expect(families).toContain(`other-${kind}`);
    }
  });

  it('shows tissue too dark to tell its structures', () => {
    const { image, truth } = find('other-dim').nextFrame();
    expect(truth.needle).toBeNull();
    expect(truth.labels.data.every((label) => label === LABEL_UNKNOWN)).toBe(true);
    const mean = image.data.reduce((sum, level) => sum + level, 0) / image.data.length;
    expect(mean).toBeLessThan(60);
  });

  it('loses its signal after the first frame, and the needle with it', () => {
    const clip = find('other-lost');
    const first = clip.nextFrame();
    const second = clip.nextFrame();
    expect(new Set(first.image.data).size).toBeGreaterThan(8);
    expect(second.truth).toMatchObject({ needle: null, contact: 0, imageQuality: 0 });
    expect(second.image.widthPx).toBe(first.image.widthPx);
    expect(second.timeUs).toBe(clip.frameIntervalUs);
  });
});
