import { describe, expect, it } from 'vitest';
import { absentNeedle } from '../../../../src/domain/needle.js';
import { advancingUnseen } from '../../../../src/pipeline/guide/advisories/advancing-unseen.js';
import { needleOutOfPlane } from '../../../../src/pipeline/guide/advisories/needle-out-of-plane.js';
import {
  contactLost,
  imageQualityLow,
  streamFrozen,
  streamStalled,
} from '../../../../src/pipeline/guide/advisories/picture-conditions.js';
import {
  nextShifts,
  probeMoved,
  type RecentShifts,
} from '../../../../src/pipeline/guide/advisories/probe-moved.js';
import {
  guideScene,
  needleMotion,
  plannedRule,
  type SceneParts,
  square,
  testGuide,
  visibleNeedle,
} from '../../../support/guide-scene.js';

/** Kinds that are active after a second of the same scene. */
function kindsAfterASecond(parts: SceneParts): readonly string[] {
  const guide = testGuide();
  for (let frame = 0; frame < 30; frame++) guide.step(parts);
  return guide.step(parts).guidance.advisories.map(({ kind }) => kind);
}

const needleIn = (state: 'shaft-only' | 'out-of-plane' | 'lost') => {
  const needle = visibleNeedle({ xPx: 80, yPx: 50 });
  return { ...needle, state, tip: null, radius90Px: null, radius90Mm: null };
};

describe('a rule about to be broken', () => {
  const near = { structures: [square(1, 'nerve', 100, 40)] };

  it('is told on the bound, 3 mm before a forbidden outline, and not at 8 mm', () => {
    expect(kindsAfterASecond(near)).toContain('rule-at-risk');
    const far = { structures: [square(1, 'nerve', 160, 0)] };
    expect(kindsAfterASecond(far)).not.toContain('rule-at-risk');
  });

  it('leaves an artery beside the goal alone, and what may be entered or touched', () => {
    for (const rule of ['beside', 'enter', 'contact', 'none'] as const) {
      const plan = { rules: { nerve: plannedRule(rule) } };
      expect(kindsAfterASecond({ ...near, plan })).not.toContain('rule-at-risk');
    }
  });

  it('keeps the distance that the protocol asks for', () => {
    const rules = { bone: plannedRule('keep-off', 8) };
    const structures = [square(1, 'bone', 150, 40)];
    expect(kindsAfterASecond({ structures, plan: { rules } })).toContain('rule-at-risk');
    expect(kindsAfterASecond({ structures })).not.toContain('rule-at-risk');
  });
});

describe('a tip inside', () => {
  it('is told for what must not be entered, and not for what may', () => {
    const structures = [square(1, 'vein', 70, 40)];
    expect(kindsAfterASecond({ structures })[0]).toBe('tip-inside');
    const rules = { vein: plannedRule('enter') };
    expect(kindsAfterASecond({ structures, plan: { rules } })).toEqual([]);
  });

  it('counts an undecided vessel as not to be entered', () => {
    const rules = { vein: plannedRule('enter'), vessel: plannedRule('none') };
    const structures = [square(1, 'vessel', 70, 40)];
    expect(kindsAfterASecond({ structures, plan: { rules } })).toContain('tip-inside');
  });
});

describe('a trajectory that crosses', () => {
  const ahead = { structures: [square(1, 'artery', 130, 70)] };

  it('is told with what it meets, unless the target comes first', () => {
    const guide = testGuide();
    for (let frame = 0; frame < 30; frame++) guide.step(ahead);
    const { trajectory, advisories } = guide.step(ahead).guidance;
    expect(trajectory?.meets).toMatchObject({ kind: 'structure', structureId: 1 });
    expect(trajectory?.meets?.distanceMm).toBeCloseTo(Math.hypot(5, 5), 6);
    expect(advisories).toMatchObject([{ kind: 'trajectory-crosses', structureClass: 'artery' }]);
    const target = {
      anchor: { kind: 'point' as const, point: { xPx: 100, yPx: 60 } },
      toleranceMm: 1,
      confirmation: 1,
      trackEpoch: 0,
    };
    expect(kindsAfterASecond({ ...ahead, plan: { target } })).toEqual([]);
  });

  it('is not told of a needle that is surely being withdrawn', () => {
    const moving = (speedMmPerS: number) => ({
      ...ahead,
      motion: needleMotion({ speedMmPerS, speedSigmaMmPerS: 1 }),
    });
    expect(kindsAfterASecond(moving(-6))).toEqual([]);
    expect(kindsAfterASecond(moving(-1.5))).toEqual(['trajectory-crosses']);
  });

  it('is not told in an out-of-plane technique', () => {
    expect(kindsAfterASecond({ ...ahead, plan: { technique: 'out-of-plane' } })).toEqual([]);
  });
});

describe('a needle that cannot be relied on', () => {
  it('is told to advance unseen only while it surely moves and its tip is not visible', () => {
    const level = (speedMmPerS: number | null, parts: SceneParts = {}) =>
      advancingUnseen(
        guideScene({
          needle: needleIn('shaft-only'),
          motion: needleMotion({ of: 'visible-end', speedMmPerS, speedSigmaMmPerS: 1 }),
          ...parts,
        }),
      ).level;
    expect(level(4)).toBe('on');
    expect(level(2.5)).toBe('between');
    expect(level(1)).toBe('off');
    expect(level(-5)).toBe('off');
    expect(level(null)).toBe('unknown');
    expect(level(9, { needle: visibleNeedle({ xPx: 80, yPx: 50 }) })).toBe('off');
    expect(level(9, { needle: needleIn('lost') })).toBe('unknown');
    expect(level(9, { plan: { technique: 'out-of-plane' } })).toBe('off');
  });

  it('is told to be out of plane unless that is the technique', () => {
    const needle = needleIn('out-of-plane');
    expect(needleOutOfPlane(guideScene({ needle })).level).toBe('on');
    const technique = 'out-of-plane' as const;
    expect(needleOutOfPlane(guideScene({ needle, plan: { technique } })).level).toBe('off');
    expect(needleOutOfPlane(guideScene({ needle: needleIn('lost') })).level).toBe('unknown');
    expect(needleOutOfPlane(guideScene({ needle: absentNeedle('no-needle') })).level).toBe('off');
  });
});

describe('a probe that moved', () => {
  it('is told when the tissue has moved by 3 mm within a second, in whatever steps', () => {
    const move = (xPx: number, frames: number): string => {
      let shifts: RecentShifts = [];
      const scene = guideScene({ context: { tissueShiftPx: { xPx, yPx: 0 } } });
      for (let frame = 0; frame < frames; frame++)
        shifts = nextShifts(shifts, scene, frame * 33_333);
      return probeMoved(shifts).level;
    };
    expect(move(10, 3)).toBe('on');
    expect(move(10, 2)).toBe('between');
    expect(move(-1.1, 30)).toBe('on');
    expect(move(0.3, 300)).toBe('off');
  });
});

describe('what is wrong with the picture', () => {
  it('is told of quality with a margin, of contact, of freezing and of an interruption', () => {
    const quality = (imageQuality: number, isImageQualityLow: boolean) =>
      imageQualityLow(guideScene({ reading: { imageQuality, isImageQualityLow } }), 0.5).level;
    expect([quality(0.4, true), quality(0.52, false), quality(0.6, false)]).toEqual([
      'on',
      'between',
      'off',
    ]);
    expect(contactLost(guideScene({ reading: { isContactLost: true } })).level).toBe('on');
    expect(streamFrozen(guideScene({ context: { isFrozen: true } })).level).toBe('on');
    expect([null, 33_333, 1_000_000].map((gap) => streamStalled(gap).level)).toEqual([
      'off',
      'off',
      'on',
    ]);
  });
});
