import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { Needle } from '../../../src/domain/needle.js';
import type {
  FrameContext,
  FrameReading,
  NeedleEvidence,
} from '../../../src/pipeline/frame-context.js';
import { COAST_MAX_US } from '../../../src/pipeline/track/coast.js';
import { LOST_US } from '../../../src/pipeline/track/needle-track.js';
import { trackStage } from '../../../src/pipeline/track/track.js';
import { frameContext } from '../../support/frame-context.js';

const FRAME_US = 33_333;
const spacing = { xMm: 0.1, yMm: 0.1 };

const contextOf = (changes: Partial<FrameContext>) => frameContext(spacing, changes);

/** What one frame shows: a tip somewhere, or anything else. */
type Sight = PointPx | Exclude<NeedleEvidence, 'tip'>;

function readingOf(sight: Sight): FrameReading {
  const tip = typeof sight === 'string' ? null : sight;
  const evidence = typeof sight === 'string' ? sight : 'tip';
  const hasShaft = evidence === 'tip' || evidence === 'shaft';
  const candidate = tip && {
    point: tip,
    shaftFrom: { xPx: 10, yPx: 10 },
    score: 0.9,
    isTip: true,
    sigmaAlongPx: 3,
    sigmaAcrossPx: 1,
    radius90Px: 4,
  };
  return {
    needle: {
      evidence,
      present: evidence === 'none' ? 0.1 : 0.95,
      candidates: candidate ? [candidate] : [],
      shaft: hasShaft ? { from: { xPx: 10, yPx: 10 }, to: tip ?? { xPx: 90, yPx: 90 } } : null,
      angleDeg: hasShaft ? 45 : null,
    },
    structures: [],
    outlineErrors: {},
    tipErrorLasting: 0,
    imageQuality: 0.8,
    isImageQualityLow: false,
    isContactLost: false,
  };
}

/** Runs a script of sights at 30 frames a second. */
function play(sights: readonly Sight[], changes: Partial<FrameContext> = {}): Needle[] {
  const state = trackStage.createState();
  return sights.map((sight, frame) => {
    const nowUs = frame * FRAME_US;
    const context = contextOf(changes);
    return trackStage.step(state, { reading: readingOf(sight), context }, nowUs).needle;
  });
}

/** The same with three frames in the middle that show no tissue. */
function playBlind(
  blind: Partial<FrameContext> & { readonly isContactLost?: boolean },
  after: readonly Sight[],
): Needle[] {
  const { isContactLost = false, ...changes } = blind;
  const state = trackStage.createState();
  const sights: Sight[] = [...times(6, at(100)), ...times(3, 'none' as const), ...after];
  return sights.map((sight, frame) => {
    const isBlind = frame >= 6 && frame < 9;
    const reading = { ...readingOf(sight), isContactLost: isBlind && isContactLost };
    const context = contextOf(isBlind ? changes : {});
    return trackStage.step(state, { reading, context }, frame * FRAME_US).needle;
  });
}

const at = (xPx: number, yPx = xPx): PointPx => ({ xPx, yPx });
const times = <T>(count: number, value: T): T[] => new Array(count).fill(value);
const states = (needles: readonly Needle[]): string[] => needles.map((needle) => needle.state);

describe('track', () => {
  it('says absent, with the reason, while there is nothing', () => {
    const [first] = play(['none']);
    expect(first).toMatchObject({
      state: 'absent',
      tip: null,
      tipReason: 'no-needle',
      shaft: null,
    });
  });

  it('shows a tip after two sights of three, and says acquiring until then', () => {
    const needles = play([at(100), at(101), at(102)]);
    expect(states(needles)).toEqual(['acquiring', 'tip-visible', 'tip-visible']);
    expect(needles[0]).toMatchObject({ tip: null, tipReason: 'not-confirmed' });
    expect(needles[2]?.tip?.xPx).toBeCloseTo(102, 0);
    expect(needles[2]).toMatchObject({ tipReason: null, approach: 'in-plane', confidence: 0.9 });
  });

  it('confirms across a gap of one frame, but not what flickers up now and then', () => {
    expect(states(play([at(100), 'none', at(100)])).at(-1)).toBe('tip-visible');
    const sparse = Array.from({ length: 12 }, (_, frame) => (frame % 3 === 0 ? at(100) : 'none'));
    expect(states(play(sparse))).not.toContain('tip-visible');
  });

  it('does not confirm tips that jump about', () => {
    const needles = play([at(100), at(300), at(50), at(400), at(200), at(60)]);
    expect(states(needles)).not.toContain('tip-visible');
  });

  it('coasts for at most 300 ms with a growing radius, then says lost, then absent', () => {
    const approach = Array.from({ length: 15 }, (_, frame) => at(100 + 2 * frame));
    const needles = play([...approach, ...times(50, 'none' as const)]);
    const gone = needles.slice(15);
    const coasting = gone.filter((needle) => needle.state === 'tip-coasting');
    expect(coasting.length).toBeGreaterThanOrEqual(6);
    expect(coasting.length * FRAME_US).toBeLessThanOrEqual(COAST_MAX_US);
    expect(states(gone.slice(0, coasting.length))).toEqual(times(coasting.length, 'tip-coasting'));
    coasting.forEach((needle, index) => {
      expect(needle.tip?.xPx).toBeGreaterThan(128 + 1.4 * (index + 1));
      const before = coasting[index - 1]?.radius90Px ?? 4;
      expect(needle.radius90Px).toBeGreaterThan(before);
    });
    const after = gone[coasting.length];
    expect(after).toMatchObject({ state: 'lost', tip: null, tipReason: 'track-lost' });
    expect(after?.radius90Px).toBeNull();
    expect(gone.at(-1)?.state).toBe('absent');
    const lostUs = gone.filter((needle) => needle.state === 'lost').length * FRAME_US;
    expect(lostUs).toBeLessThanOrEqual(LOST_US);
  });

  it('never repeats an old position: a coasting tip moves, and after it there is none', () => {
    const needles = play([
      ...Array.from({ length: 9 }, (_, i) => at(100 + 3 * i)),
      ...times(20, 'none' as const),
    ]);
    const tips = needles.slice(9).flatMap((needle) => (needle.tip ? [needle.tip.xPx] : []));
    expect(new Set(tips).size).toBe(tips.length);
  });

  it('says shaft-only when the tip is no longer seen but the shaft is', () => {
    const needles = play([...times(6, at(100)), ...times(12, 'shaft' as const)]);
    expect(needles.at(-1)).toMatchObject({
      state: 'shaft-only',
      tip: null,
      tipReason: 'tip-not-visible',
      approach: 'in-plane',
    });
    expect(needles.at(-1)?.shaft?.to).toEqual(at(90));
  });

  it('says shaft-only for a shaft that never had a tip, once confirmed', () => {
    expect(states(play(times(4, 'shaft' as const)))).toEqual([
      'acquiring',
      'acquiring',
      'shaft-only',
      'shaft-only',
    ]);
  });

  it('says out-of-plane for a dot, once confirmed, and never gives it a tip', () => {
    const needles = play(times(4, 'dot' as const));
    expect(states(needles)).toEqual(['acquiring', 'acquiring', 'out-of-plane', 'out-of-plane']);
    expect(needles[3]).toMatchObject({
      tip: null,
      tipReason: 'out-of-plane',
      approach: 'out-of-plane',
    });
  });

  it('ignores a single tip elsewhere, and follows one that stays there', () => {
    const once = play([...times(6, at(100)), at(300), at(100)]);
    expect(once[6]?.state).toBe('tip-coasting');
    expect(once[6]?.tip?.xPx).toBeCloseTo(100, 0);
    expect(once[7]?.tip?.xPx).toBeCloseTo(100, 0);
    const moved = play([...times(6, at(100)), ...times(3, at(300))]);
    expect(moved[8]?.state).toBe('tip-visible');
    expect(moved[8]?.tip).toEqual(at(300));
  });

  it('moves with the tissue when the probe slides', () => {
    const sliding = { tissueShiftPx: { xPx: 8, yPx: 0 } };
    const sights = Array.from({ length: 10 }, (_, frame) => at(100 + 8 * frame, 100));
    const needles = play([...sights, 'none'], sliding);
    expect(needles[9]?.state).toBe('tip-visible');
    expect(needles[10]?.tip?.xPx).toBeCloseTo(180, -0.5);
  });

  it('does not jump to the other of two places in doubt after some frames without a tip', () => {
    const state = trackStage.createState();
    const inDoubt = (point: PointPx): FrameReading => {
      const reading = readingOf(point);
      return { ...reading, needle: { ...reading.needle, evidence: 'shaft' } };
    };
    const step = (reading: FrameReading, frame: number) =>
      trackStage.step(state, { reading, context: contextOf({}) }, frame * FRAME_US).needle;
    for (let frame = 0; frame < 6; frame++) step(readingOf(at(100)), frame);
    for (let frame = 6; frame < 12; frame++) step(readingOf('none'), frame);
    const far = step(inDoubt(at(140)), 12);
    expect(far.state).toBe('tip-coasting');
    const near = step(inDoubt(at(101)), 13);
    expect(near.state).toBe('tip-visible');
    expect(near.tip?.xPx).toBeCloseTo(101, 0);
  });

  it('adds what the filter moved the tip by to its radius, in quadrature', () => {
    const sights = [...times(8, at(100)), at(104)];
    const last = play(sights).at(-1);
    const movedPx = Math.hypot((last?.tip?.xPx ?? 0) - 104, (last?.tip?.yPx ?? 0) - 104);
    expect(movedPx).toBeGreaterThan(1);
    expect(last?.radius90Px).toBeCloseTo(Math.hypot(4, movedPx), 6);
  });

  it('gives a radius in mm only where the spacing is known', () => {
    const known = play(times(3, at(100))).at(-1);
    expect(known?.radius90Px).toBe(4);
    expect(known?.radius90Mm).toBeCloseTo(0.4);
    const unknown = play(times(3, at(100)), { spacing: null }).at(-1);
    expect(unknown?.radius90Px).toBe(4);
    expect(unknown?.radius90Mm).toBeNull();
  });

  it('has a tip in no state but tip-visible and tip-coasting', () => {
    const script: Sight[] = [];
    for (let frame = 0; frame < 400; frame++) {
      const turn = (frame * 7919) % 11;
      script.push(turn < 6 ? at(100 + frame) : turn < 8 ? 'shaft' : turn < 9 ? 'dot' : 'none');
    }
    for (const needle of play(script)) {
      const hasTip = needle.state === 'tip-visible' || needle.state === 'tip-coasting';
      expect(needle.tip !== null).toBe(hasTip);
      expect(needle.tipReason === null).toBe(hasTip);
      expect(needle.radius90Px !== null).toBe(hasTip);
    }
  });

  it('reads stills one by one, without memory or confirmation', () => {
    const needles = play([at(100), 'none', at(300), 'shaft', 'dot'], { isStill: true });
    expect(states(needles)).toEqual([
      'tip-visible',
      'absent',
      'tip-visible',
      'shaft-only',
      'out-of-plane',
    ]);
    expect(needles[2]?.tip).toEqual(at(300));
  });

  it.each([
    ['flat', { isFlat: true }],
    ['foreign', { isForeign: true }],
    ['without contact', { isContactLost: true }],
  ])('predicts no tip into a picture that is %s, and finds the tip again after it', (_, blind) => {
    const needles = playBlind(blind, [at(102), at(102)]);
    for (const needle of needles.slice(6, 9)) {
      expect(needle).toMatchObject({ state: 'lost', tip: null, tipReason: 'image-quality' });
    }
    expect(states(needles.slice(9))).toEqual(['tip-visible', 'tip-visible']);
  });

  it('lets a tip go that is not found again within 300 ms, black frames included', () => {
    const needles = playBlind({ isFlat: true }, times(12, 'none' as const));
    const back = states(needles.slice(9));
    expect(back[0]).toBe('tip-coasting');
    expect(back.filter((state) => state === 'tip-coasting').length).toBeLessThanOrEqual(6);
    expect(back.at(-1)).toBe('lost');
  });

  it('says that a flat or foreign image cannot be judged, also within a stream', () => {
    for (const isStill of [true, false]) {
      for (const blank of [{ isFlat: true }, { isForeign: true }]) {
        const [needle] = play(['none'], { isStill, ...blank });
        expect(needle).toMatchObject({ state: 'absent', tipReason: 'image-quality' });
      }
    }
  });
});
