import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SimulatedFrame } from '../../../src/domain/phantom-clip.js';
import { createHeldoutClip } from '../../../src/phantom/heldout/heldout-clip.js';
import { heldoutStratum } from '../../../src/phantom/heldout/heldout-stratum.js';

const SIZE = 128;

function frames(seed: number, count: number): SimulatedFrame[] {
  const clip = createHeldoutClip({ seed, widthPx: SIZE, heightPx: SIZE, frameRateHz: 25 });
  return Array.from({ length: count }, () => clip.nextFrame());
}

function seedOf(needle: string, probe: string, quality: string, from = 0): number {
  for (let seed = from; seed < from + 100; seed++) {
    const stratum = heldoutStratum(seed);
    if (stratum.needle === needle && stratum.probe === probe && stratum.quality === quality) {
      return seed;
    }
  }
  throw new Error('no such stratum');
}

describe('createHeldoutClip', () => {
  it('makes the same clip from the same seed and another one from another', () => {
    const once = frames(7, 3);
    const again = frames(7, 3);
    const other = frames(8, 3);
    expect(isSamePicture(again[2], once[2])).toBe(true);
    expect(again[2]?.truth.needle).toEqual(once[2]?.truth.needle);
    expect(isSamePicture(other[2], once[2])).toBe(false);
  });

  it('adds a needle that lies still, if asked, and changes nothing of the other', () => {
    const seed = seedOf('in-plane-visible-tip', 'linear', 'clean', 42_000);
    const options = { seed, widthPx: SIZE, heightPx: SIZE, frameRateHz: 25 };
    const clip = createHeldoutClip({ ...options, hasRestingNeedle: true });
    const tips: { xPx: number; yPx: number }[] = [];
    for (const alone of frames(seed, 12)) {
      const { image, truth } = clip.nextFrame();
      expect(truth.needle).toEqual(alone.truth.needle);
      expect(isSamePicture({ ...alone, image }, alone)).toBe(false);
      const { tip, tipVisible } = truth.restingNeedle ?? {};
      expect(tipVisible).toBe(true);
      if (tip !== undefined) tips.push(tip);
    }
    // It moves with the tissue, by breath and tremor.
    const [first] = tips;
    for (const tip of tips) {
      expect(Math.hypot(tip.xPx - (first?.xPx ?? 0), tip.yPx - (first?.yPx ?? 0))).toBeLessThan(6);
    }
    const free = seedOf('needle-free', 'linear', 'clean');
    const without = createHeldoutClip({ ...options, seed: free, hasRestingNeedle: true });
    expect(without.nextFrame().truth).toEqual(frames(free, 1)[0]?.truth);
  });

  it('hands out new buffers with every frame', () => {
    const [first, second] = frames(6, 2);
    expect(first?.image.data).not.toBe(second?.image.data);
    expect(first?.truth.labels.data).not.toBe(second?.truth.labels.data);
  });

  it('keeps the truth inside what it promises', () => {
    for (let seed = 0; seed < 7; seed++) {
      const stratum = heldoutStratum(seed);
      for (const { image, truth } of frames(seed, 2)) {
        expect(image.data.length).toBe(SIZE * SIZE);
        expect(truth.labels.data.length).toBe(SIZE * SIZE);
        expect(Math.max(...truth.labels.data)).toBeLessThan(truth.labels.classes.length);
        expect(truth.contact).toBeGreaterThanOrEqual(0);
        expect(truth.contact).toBeLessThanOrEqual(1);
        const { needle } = truth;
        if (stratum.needle === 'needle-free') expect(needle).toBeNull();
        if (needle === null) continue;
        const isDot = stratum.needle === 'out-of-plane-dot';
        expect(needle.approach).toBe(isDot ? 'out-of-plane' : 'in-plane');
        expect(needle.shaft === null).toBe(isDot);
        if (isDot) expect(needle.tipVisible).toBe(false);
        for (const v of needle.shaftVisibility) expect(v >= 0 && v <= 1).toBe(true);
        if (needle.tipVisible && needle.shaft !== null) {
          expect(
            Math.hypot(needle.shaft.to.xPx - needle.tip.xPx, needle.shaft.to.yPx - needle.tip.yPx),
          ).toBeLessThan(2);
        }
      }
    }
  });

  it('shows a visible tip brighter than what surrounds it', () => {
    let inside = 0;
    let around = 0;
    for (const seed of [0, 6, 28]) {
      for (const { image, truth } of frames(seed, 4)) {
        const tip = truth.needle?.tip;
        if (tip === undefined || truth.needle?.tipVisible !== true) continue;
        inside += peak(image.data, tip.xPx, tip.yPx, 2);
        around += ring(image.data, tip.xPx, tip.yPx);
      }
    }
    expect(inside).toBeGreaterThan(1.4 * around);
  });

  it('hides the tip of a hidden-tip needle but not all of its shaft', () => {
    const seed = seedOf('in-plane-hidden-tip', 'linear', 'clean');
    const seen = frames(seed, 8).flatMap(({ truth }) => (truth.needle ? [truth.needle] : []));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.some((needle) => needle.tipVisible)).toBe(false);
    expect(seen.some((needle) => Math.max(...needle.shaftVisibility) > 0.8)).toBe(true);
  });

  it('moves its needle and its tissue from frame to frame', () => {
    const tips = frames(seedOf('in-plane-visible-tip', 'linear', 'clean'), 14).flatMap(
      ({ truth }) => (truth.needle ? [truth.needle.tip] : []),
    );
    const xs = tips.map((tip) => tip.xPx);
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(1);
    const shifts = [3, 4, 9].flatMap((seed) => frames(seed, 12).map((f) => f.truth.probeShiftPx));
    expect(shifts.some((shift) => Math.hypot(shift.xPx, shift.yPx) > 0.2)).toBe(true);
  });

  it('leaves everything outside the sector of a curvilinear probe black and unlabelled', () => {
    const [frame] = frames(seedOf('in-plane-visible-tip', 'curvilinear', 'clean'), 1);
    expect(frame?.image.data[SIZE * SIZE - 1]).toBe(0);
    expect(frame?.truth.labels.data[SIZE * SIZE - 1]).toBe(0);
  });

  it('imports nothing of the training generator', () => {
    const folder = new URL('../../../src/phantom/heldout/', import.meta.url);
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      for (const [, from] of text.matchAll(/from '([^']+)'/g)) {
        expect(from).toMatch(/^(\.\/heldout-[a-z-]+|\.\.\/\.\.\/domain\/[a-z-]+)\.js$/);
      }
    }
  });
});

function isSamePicture(one: SimulatedFrame | undefined, other: SimulatedFrame | undefined) {
  if (one === undefined || other === undefined) throw new Error('a frame is missing');
  return Buffer.compare(one.image.data, other.image.data) === 0;
}

function peak(data: Uint8Array, x: number, y: number, reach: number): number {
  let best = 0;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      best = Math.max(best, data[Math.round(y + dy) * SIZE + Math.round(x + dx)] ?? 0);
    }
  }
  return best;
}

function ring(data: Uint8Array, x: number, y: number): number {
  let sum = 0;
  let count = 0;
  for (let angle = 0; angle < 6.28; angle += 0.1) {
    sum +=
      data[Math.round(y + 14 * Math.sin(angle)) * SIZE + Math.round(x + 14 * Math.cos(angle))] ?? 0;
    count++;
  }
  return sum / count;
}
