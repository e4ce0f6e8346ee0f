import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SimulatedFrame } from '../../src/domain/phantom-clip.js';
import type { Body } from '../../src/phantom/anatomy.js';
import { PHANTOM_CLASSES, phantomLabel } from '../../src/phantom/phantom-classes.js';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';
import { meanLevel, plainScene, stillNeedle } from './scene-fixtures.js';

const SIZE = { widthPx: 160, heightPx: 160 };

function hashOfClip(seed: number, frames: number): string {
  const clip = createPhantomClip({ seed, ...SIZE });
  const hash = createHash('sha256');
  for (let index = 0; index < frames; index++) {
    const frame = clip.nextFrame();
    hash.update(frame.image.data).update(frame.truth.labels.data);
    hash.update(JSON.stringify([frame.truth.needle, frame.truth.probeShiftPx, frame.timeUs]));
  }
  return hash.digest('hex');
}

function firstFrame(scene: ReturnType<typeof plainScene>): SimulatedFrame {
  return createPhantomClip({ seed: 4, ...SIZE, scene }).nextFrame();
}

const FLUID: Body = {
  kind: 'fluid',
  xMm: 0,
  zMm: 15,
  radiusXMm: 6,
  radiusZMm: 5,
  tiltRad: 0,
  outline: [],
  echoDb: -40,
  wallDb: -40,
  wallMm: 0.2,
  attenuation: 0.02,
  fascicles: [],
};

describe('createPhantomClip', () => {
  it('is deterministic in its seed', () => {
    const hashes = [1, 2, 7].map((seed) => hashOfClip(seed, 3));
    expect([1, 2, 7].map((seed) => hashOfClip(seed, 3))).toEqual(hashes);
    expect(new Set(hashes).size).toBe(3);
  });

  it('may hold a second needle that rests, and tells it from the one that is followed', () => {
    const alone = plainScene({ needle: stillNeedle(30) });
    const restingNeedle = { ...stillNeedle(60), side: 'right' as const, entryXMm: 30 };
    const one = firstFrame(alone);
    const two = firstFrame({ ...alone, restingNeedle });
    expect(two.truth.needle).toEqual(one.truth.needle);
    expect(one.truth.restingNeedle).toBeUndefined();
    expect(two.truth.restingNeedle?.tipVisible).toBe(true);
    const atTip = { x0: 8, x1: 10, z0: 19, z1: 21 };
    expect(meanLevel(two.image, atTip)).toBeGreaterThan(meanLevel(one.image, atTip) + 20);
    const left = firstFrame({ ...alone, needle: null, restingNeedle });
    expect(left.truth.needle).toEqual(two.truth.restingNeedle);
    expect(left.truth.restingNeedle).toBeUndefined();
  });

  it('draws resting needles only where they are asked for, and not into other parts', () => {
    const seeds = Array.from({ length: 12 }, (_, index) => 100 + index);
    const truthOf = (seed: number, restingNeedleShare: number) =>
      createPhantomClip({ seed, widthPx: 64, heightPx: 64, restingNeedleShare }).nextFrame().truth;
    let resting = 0;
    for (const seed of seeds) {
      expect(truthOf(seed, 0).restingNeedle).toBeUndefined();
      const { labels, restingNeedle } = truthOf(seed, 1);
      expect(labels).toEqual(truthOf(seed, 0).labels);
      if (restingNeedle !== undefined) resting++;
    }
    expect(resting).toBeGreaterThan(4);
  });

  it('hands out fresh images and labels with every frame', () => {
    const clip = createPhantomClip({ seed: 3, ...SIZE });
    const first = clip.nextFrame();
    const copy = first.image.data.slice();
    const second = clip.nextFrame();
    expect(second.image.data).not.toBe(first.image.data);
    expect(second.truth.labels.data).not.toBe(first.truth.labels.data);
    expect(Buffer.compare(first.image.data, copy)).toBe(0);
    expect(second.timeUs).toBe(33_333);
  });

  it('darkens what lies under bone', () => {
    const bone = {
      xMm: 0,
      zMm: 20,
      halfWidthMm: 8,
      arcMm: 40,
      slope: 0,
      roughnessMm: 0,
      levelDb: 26,
      shadowDb: 50,
    };
    const { image, truth } = firstFrame(plainScene({ bones: [bone] }));
    const shadow = meanLevel(image, { x0: -4, x1: 4, z0: 26, z1: 36 });
    const beside = meanLevel(image, { x0: 12, x1: 18, z0: 26, z1: 36 });
    const surface = meanLevel(image, { x0: -2, x1: 2, z0: 19.5, z1: 20.3 });
    expect(shadow).toBeLessThan(0.3 * beside);
    expect(surface).toBeGreaterThan(1.5 * beside);
    expect(truth.labels.data).toContain(phantomLabel('bone'));
  });

  it('brightens what lies under fluid', () => {
    const { image } = firstFrame(plainScene({ bodies: [FLUID] }));
    const below = meanLevel(image, { x0: -3, x1: 3, z0: 23, z1: 35 });
    const beside = meanLevel(image, { x0: 12, x1: 18, z0: 23, z1: 35 });
    const inside = meanLevel(image, { x0: -3, x1: 3, z0: 12, z1: 18 });
    // 10 mm without 2 · 0.5 dB/cm/MHz at 8 MHz is 8 dB less loss: 33 of 255 levels in 60 dB.
    expect(below - beside).toBeGreaterThan(20);
    expect(below - beside).toBeLessThan(45);
    expect(inside).toBeLessThan(0.3 * beside);
  });

  it('shows a needle brighter the more it lies across the beam', () => {
    const brightness = (angleDeg: number): number => {
      const scene = plainScene({ needle: stillNeedle(angleDeg) });
      const { image, truth } = firstFrame(scene);
      const shaft = truth.needle?.shaft;
      if (shaft === null || shaft === undefined) throw new Error('the needle should be in view');
      let sum = 0;
      for (let step = 30; step < 80; step++) {
        const x = Math.round(shaft.from.xPx + ((shaft.to.xPx - shaft.from.xPx) * step) / 100);
        const y = Math.round(shaft.from.yPx + ((shaft.to.yPx - shaft.from.yPx) * step) / 100);
        sum += image.data[y * image.strideBytes + x] ?? 0;
      }
      return sum / 50;
    };
    expect(brightness(3)).toBeGreaterThan(brightness(25) + 10);
    expect(brightness(25)).toBeGreaterThan(brightness(42) + 10);
  });

  it('puts the tip where it was scripted, and sees it', () => {
    const { truth } = firstFrame(plainScene({ needle: stillNeedle(20) }));
    expect(truth.spacing.xMm).toBeCloseTo(0.25, 6);
    expect(truth.needle?.tip.xPx).toBeCloseTo(79.5, 1);
    expect(truth.needle?.tip.yPx).toBeCloseTo(80, 1);
    expect(truth.needle?.tipVisible).toBe(true);
  });

  it('does not call a tip visible that has faded, left the plane, or lies in a shadow', () => {
    const needle = stillNeedle(20);
    const [keyframe] = needle.keyframes;
    if (keyframe === undefined) throw new Error('the fixture has a keyframe');
    const faded = { ...needle, keyframes: [{ ...keyframe, tipGain: 0 }] };
    const aside = { ...needle, keyframes: [{ ...keyframe, planeOffsetMm: 4 }] };
    const bone = {
      xMm: 0,
      zMm: 8,
      halfWidthMm: 6,
      arcMm: 40,
      slope: 0,
      roughnessMm: 0,
      levelDb: 26,
      shadowDb: 60,
    };
    const scenes = [
      plainScene({ needle: faded }),
      plainScene({ needle: aside }),
      plainScene({ needle, bones: [bone] }),
    ];
    for (const scene of scenes) expect(firstFrame(scene).truth.needle?.tipVisible).toBe(false);
  });

  it('keeps its truth consistent over many seeds', () => {
    let needleFree = 0;
    const seeds = 60;
    for (let seed = 100; seed < 100 + seeds; seed++) {
      const clip = createPhantomClip({ seed, widthPx: 96, heightPx: 96 });
      const { truth, image } = clip.nextFrame();
      expect(image.data).toHaveLength(96 * 96);
      expect(Math.max(...truth.labels.data)).toBeLessThan(PHANTOM_CLASSES.length);
      expect(truth.imageQuality).toBeGreaterThanOrEqual(0);
      expect(truth.imageQuality).toBeLessThanOrEqual(1);
      const { needle } = truth;
      if (needle === null) needleFree++;
      if (needle === null || needle.shaft === null) continue;
      for (const value of needle.shaftVisibility) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      const { from, to } = needle.shaft;
      const length = Math.hypot(to.xPx - from.xPx, to.yPx - from.yPx);
      const cross =
        (to.xPx - from.xPx) * (needle.tip.yPx - from.yPx) -
        (to.yPx - from.yPx) * (needle.tip.xPx - from.xPx);
      expect(Math.abs(cross / length)).toBeLessThan(0.5);
      if (!needle.tipVisible) continue;
      expect(needle.tip.xPx).toBeGreaterThanOrEqual(0);
      expect(needle.tip.xPx).toBeLessThanOrEqual(95);
      expect(needle.tip.yPx).toBeGreaterThanOrEqual(0);
      expect(needle.tip.yPx).toBeLessThanOrEqual(95);
      expect(Math.hypot(to.xPx - needle.tip.xPx, to.yPx - needle.tip.yPx)).toBeLessThan(1.5);
    }
    expect(needleFree / seeds).toBeGreaterThan(0.15);
    expect(needleFree / seeds).toBeLessThan(0.45);
  });
});
