import { describe, expect, it } from 'vitest';
import { readOutsOf } from '../../src/display/read-outs.js';
import type { Guidance, NearestStructure, TargetGuidance } from '../../src/domain/guidance.js';
import { absentNeedle, NEEDLE_STATES } from '../../src/domain/needle.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { Spread } from '../../src/domain/spread.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';

const frame = sampleFrame(1);
const say = (guidance: Partial<Guidance>, changes: Partial<Overlay> = {}) => {
  const overlay = sampleOverlay(frame, { needle: visibleNeedle(50, 50), ...changes });
  return readOutsOf({ ...overlay, guidance: { ...overlay.guidance, ...guidance } });
};

describe('the needle', () => {
  it('is named in capitals wherever its tip is not seen, and not otherwise', () => {
    const said = NEEDLE_STATES.map((state) => {
      const needle = { ...absentNeedle('no-needle'), state };
      return [state, say({}, { needle }).needle];
    });
    expect(Object.fromEntries(said)).toEqual({
      absent: null,
      acquiring: null,
      'tip-visible': null,
      'tip-coasting': 'TIP PREDICTED, NOT SEEN',
      'shaft-only': 'TIP NOT VISIBLE',
      'out-of-plane': 'CROSS-SECTION, NOT THE TIP',
      lost: 'NEEDLE LOST',
    });
  });
});

describe('the clearance', () => {
  const nearest = (clearanceMm: number, lowerBoundMm: number): NearestStructure => ({
    structureId: 1,
    structureClass: 'nerve',
    clearanceMm,
    lowerBoundMm,
  });

  it.each([
    // clearance, lower bound, words
    [12.4, 10.9, 'nerve 12 mm (≥ 10 mm)'],
    [5.4, 4.9, 'nerve 5 mm (≥ 4.5 mm)'],
    [4.2, 2.9, 'nerve 4 mm (≥ 2.5 mm)'],
    // Rounding must not turn a bound into more than the value.
    [2.3, 2.3, 'nerve 2.5 mm (≥ 2 mm)'],
    [1.2, -0.4, 'nerve 1 mm (may touch)'],
    [0, -1, 'TIP INSIDE nerve'],
    [-2, -3, 'TIP INSIDE nerve'],
  ])('of %d mm with a bound of %d mm reads "%s"', (clearanceMm, lowerBoundMm, words) => {
    expect(say({ nearest: nearest(clearanceMm, lowerBoundMm) }).clearance).toBe(words);
  });

  it('gives way to the names of what must be seen and is not', () => {
    const said = say({ nearest: nearest(12, 10), unseen: ['nerve', 'vessel'] });
    expect(said.clearance).toBeNull();
    expect(said.unseen).toBe('NOT SEEN: nerve, artery or vein');
  });

  it('is not said without a scale', () => {
    expect(say({ nearest: nearest(12, 10) }, { spacing: null }).clearance).toBeNull();
  });
});

describe('the target', () => {
  const target: TargetGuidance = {
    state: 'held',
    point: { xPx: 10, yPx: 10 },
    toleranceMm: 2,
    distanceMm: 12.2,
    upperBoundMm: 13.1,
    angleErrorDeg: 7.6,
    reason: null,
  };

  it.each([
    [{}, 'target 12 mm (≤ 14 mm) · 8° off'],
    [{ angleErrorDeg: null }, 'target 12 mm (≤ 14 mm)'],
    [{ distanceMm: 3.1, upperBoundMm: 4.2 }, 'target 3 mm (≤ 4.5 mm) · 8° off'],
    [
      { distanceMm: null, upperBoundMm: null, reason: 'tip-not-visible' },
      'target held · tip not visible',
    ],
    [{ distanceMm: null, upperBoundMm: null }, 'target held'],
    [{ state: 'moved' }, 'TARGET MOVED: not confirmed'],
    [{ state: 'lost' }, 'TARGET LOST'],
  ] as const)('%j reads "%s"', (changes, words) => {
    expect(say({ target: { ...target, ...changes } }).target).toBe(words);
  });
});

describe('the spread', () => {
  const spread: Spread = {
    injection: 1,
    state: 'seen',
    onsetUs: 0,
    areaMm2: 84.4,
    rateMm2PerS: 12,
    centroid: { xPx: 5, yPx: 5 },
    vesselId: null,
  };

  it.each([
    [{}, 'spread 84 mm²'],
    [{ areaMm2: null }, 'spread seen'],
    [{ state: 'watching', areaMm2: null }, 'spread: watching'],
    [{ state: 'not-seen', areaMm2: null }, 'SPREAD NOT SEEN'],
    [{ state: 'interrupted', areaMm2: null }, 'spread: picture changed'],
  ] as const)('%j reads "%s"', (changes, words) => {
    expect(say({}, { spread: { ...spread, ...changes } }).spread).toBe(words);
  });

  it('is not said while no injection is watched', () => {
    expect(say({}).spread).toBeNull();
  });
});

describe('the depth', () => {
  const tip = {
    image: { xMm: 1, yMm: 23 },
    world: null,
    depthMm: 23.2,
    depthFrom: 'face',
  } as const;

  it('counts from the transducer, or says that it does not', () => {
    expect(say({ tip }).depth).toBe('tip 23 mm deep');
    expect(say({ tip: { ...tip, depthFrom: 'image-edge' } }).depth).toBe(
      "tip 23 mm deep from the image's edge",
    );
  });

  it('is not said without a tip or without a scale', () => {
    expect(say({}).depth).toBeNull();
    expect(say({ tip }, { spacing: null }).depth).toBeNull();
  });
});
