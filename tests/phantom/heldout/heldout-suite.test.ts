import { describe, expect, it } from 'vitest';
import { createHeldoutClip } from '../../../src/phantom/heldout/heldout-clip.js';
import { heldoutStratum } from '../../../src/phantom/heldout/heldout-stratum.js';
import { heldoutSuite } from '../../../src/phantom/heldout/heldout-suite.js';

describe('heldoutSuite', () => {
  it('holds every needle kind with every probe and quality in 42 consecutive seeds', () => {
    const cells = new Map<string, number>();
    let free = 0;
    for (let seed = 42_000; seed < 42_042; seed++) {
      const { needle, probe, quality } = heldoutStratum(seed);
      const key = `${needle} ${probe} ${quality}`;
      cells.set(key, (cells.get(key) ?? 0) + 1);
      if (needle === 'needle-free') free++;
    }
    expect(cells.size).toBe(5 * 2 * 2);
    expect(free / 42).toBeGreaterThanOrEqual(0.25);
  });

  it('gives every needle-free clip a distractor, each kind in turn', () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 42; seed++) {
      const { needle, distractor } = heldoutStratum(seed);
      expect(distractor === null).toBe(needle !== 'needle-free');
      if (distractor !== null) kinds.add(distractor);
    }
    expect(kinds).toEqual(new Set(['needle-like-line', 'fascia', 'vessel-wall', 'bone-edge']));
  });

  it('yields clips lazily, in order, with fixed seeds', () => {
    const entries = [...heldoutSuite({ clips: 3, framesPerClip: 2, widthPx: 96, heightPx: 96 })];
    expect(entries.map((entry) => entry.seed)).toEqual([42_000, 42_001, 42_002]);
    expect(entries[0]?.stratum.needle).toBe('in-plane-visible-tip');
    expect(entries[0]?.clip.nextFrame().image.widthPx).toBe(96);
    expect(new Set(entries.map((entry) => entry.clip.family)).size).toBe(3);
  });

  it('shows most tips in the visible-tip stratum', () => {
    let visible = 0;
    let all = 0;
    // The suite makes a clip of each seed; only those of this stratum are needed here.
    for (let seed = 42_000; seed < 42_028; seed++) {
      if (heldoutStratum(seed).needle !== 'in-plane-visible-tip') continue;
      all++;
      const clip = createHeldoutClip({ seed, widthPx: 96, heightPx: 96, frameRateHz: 25 });
      if (clip.nextFrame().truth.needle?.tipVisible === true) visible++;
    }
    expect(all).toBeGreaterThan(5);
    expect(visible / all).toBeGreaterThan(0.75);
  });
});
