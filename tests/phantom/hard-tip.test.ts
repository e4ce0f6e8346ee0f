import { describe, expect, it } from 'vitest';
import { drawAxisReflector, withHardTip } from '../../src/phantom/hard-tip.js';
import { drawOutOfPlaneNeedle } from '../../src/phantom/motion.js';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';
import { createRandom } from '../../src/phantom/random.js';
import type { ShaftDip } from '../../src/phantom/shaft-dip.js';
import { meanLevel, plainScene, stillNeedle } from './scene-fixtures.js';

const VIEW = {
  geometry: 'linear',
  depthMm: 40,
  halfWidthMm: 20,
  radiusMm: 0,
  halfAngleRad: 0,
} as const;
const NEEDLE = stillNeedle(20);
const DIP: ShaftDip = {
  from: 'tip',
  mm: 8,
  edgeMm: 0.3,
  lossDb: 50,
  tipLossDb: 50,
  endDb: 0,
  endMm: 0.6,
};

/** The first frame of a needle whose tip is at (0, 20) mm, with a dip. */
function frameWith(dip: ShaftDip | undefined) {
  const seen = { ...NEEDLE.seen, ...(dip === undefined ? {} : { dip }) };
  const scene = plainScene({ needle: { ...NEEDLE, seen } });
  return createPhantomClip({ seed: 4, widthPx: 160, heightPx: 160, scene }).nextFrame();
}

const AT_TIP = { x0: -2.5, x1: 0, z0: 18.5, z1: 20.5 };
const BEFORE_DIP = { x0: -13, x1: -9, z0: 14.5, z1: 17.5 };

describe('A needle that the beam leaves', () => {
  it('shows its shaft and not its tip, and its truth says so', () => {
    const whole = frameWith(undefined);
    const lost = frameWith(DIP);
    expect(whole.truth.needle?.tipVisible).toBe(true);
    expect(lost.truth.needle?.tipVisible).toBe(false);
    expect(lost.truth.needle?.tip).toEqual(whole.truth.needle?.tip);
    expect(meanLevel(lost.image, AT_TIP)).toBeLessThan(meanLevel(whole.image, AT_TIP) - 20);
    expect(meanLevel(lost.image, BEFORE_DIP)).toBeCloseTo(meanLevel(whole.image, BEFORE_DIP), -1);
    expect(Math.max(...(lost.truth.needle?.shaftVisibility ?? []))).toBeGreaterThan(0.6);
  });

  it('shows its tip as long as that has not reached the place where the beam leaves', () => {
    const lengthMm = 21 / Math.cos(Math.PI / 9);
    const beyond = frameWith({ ...DIP, from: 'entry', mm: lengthMm - 6 });
    const before = frameWith({ ...DIP, from: 'entry', mm: lengthMm + 1 });
    expect(beyond.truth.needle?.tipVisible).toBe(false);
    expect(before.truth.needle?.tipVisible).toBe(true);
  });

  it('may end brightly where it is no tip', () => {
    const plain = frameWith(DIP);
    const bright = frameWith({ ...DIP, endDb: 9 });
    const end = { x0: -9, x1: -7, z0: 16, z1: 18.5 };
    expect(meanLevel(bright.image, end)).toBeGreaterThan(meanLevel(plain.image, end));
    expect(bright.truth.needle?.tipVisible).toBe(false);
  });
});

describe('A needle with a dim end', () => {
  it('keeps the echo of its tip', () => {
    const dim = frameWith({ ...DIP, mm: 5, lossDb: 25, tipLossDb: 0 });
    expect(dim.truth.needle?.tipVisible).toBe(true);
    const gap = { x0: -4, x1: -2, z0: 17.5, z1: 20 };
    expect(meanLevel(dim.image, gap)).toBeLessThan(meanLevel(frameWith(undefined).image, gap) - 10);
  });
});

describe('withHardTip', () => {
  const drawn = Array.from({ length: 400 }, (_, seed) =>
    withHardTip(createRandom(seed), NEEDLE, VIEW),
  );

  it('leaves most needles, and all that cross the plane, as they are', () => {
    const dot = drawOutOfPlaneNeedle(createRandom(1), VIEW);
    expect(withHardTip(createRandom(2), dot, VIEW)).toBe(dot);
    const lost = drawn.filter(({ seen }) => (seen.dip?.tipLossDb ?? 0) >= 40);
    const dim = drawn.filter(({ seen }) => (seen.dip?.tipLossDb ?? 99) < 10);
    expect(lost.length / drawn.length).toBeGreaterThan(0.17);
    expect(lost.length / drawn.length).toBeLessThan(0.33);
    expect(dim.length / drawn.length).toBeGreaterThan(0.04);
    expect(dim.length / drawn.length).toBeLessThan(0.13);
  });

  it('lets most shafts that the beam leaves fade over millimetres, as an image plane is thick', () => {
    const lost = drawn.flatMap(({ seen: { dip } }) => (dip && dip.tipLossDb >= 40 ? [dip] : []));
    const fading = lost.filter((dip) => dip.edgeMm > 0.6 && dip.endDb === 0);
    expect(fading.length / lost.length).toBeGreaterThan(0.55);
    expect(fading.length).toBeLessThan(lost.length);
  });

  it('never hides the whole shaft with its end', () => {
    for (const { seen } of drawn) {
      if (seen.dip?.from === 'tip') expect(seen.fullMm).toBeGreaterThan(seen.dip.mm);
    }
  });

  it('lays reflectors on the axis of lost needles, beyond their visible end', () => {
    const fraction = Math.sin((20 * Math.PI) / 180);
    let reflectors = 0;
    for (const [seed, needle] of drawn.entries()) {
      const body = drawAxisReflector(createRandom(seed), needle, VIEW);
      if (body === null) continue;
      reflectors++;
      const dip = needle.seen.dip;
      if (dip === undefined) throw new Error('only a lost needle has a reflector');
      const along = Math.hypot(body.xMm - needle.entryXMm, body.zMm - needle.entryZMm);
      const insertionMm = 21 / Math.cos(Math.PI / 9);
      expect(along).toBeGreaterThan(dip.from === 'tip' ? insertionMm - dip.mm : dip.mm);
      expect((body.zMm - needle.entryZMm) / along).toBeCloseTo(fraction, 6);
    }
    expect(reflectors).toBeGreaterThan(5);
    expect(drawAxisReflector(createRandom(1), null, VIEW)).toBeNull();
  });
});
