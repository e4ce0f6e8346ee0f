import { describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle } from '../../src/domain/needle.js';
import { defaultRule, isVessel, STRUCTURE_CLASSES } from '../../src/domain/structure.js';

describe('without a protocol', () => {
  it('nerves and vessels are not to be entered, the rest is free', () => {
    const guarded = STRUCTURE_CLASSES.filter((name) => defaultRule(name) === 'do-not-enter');
    expect(guarded).toEqual(['nerve', 'artery', 'vein', 'vessel']);
    const free = STRUCTURE_CLASSES.filter((name) => defaultRule(name) === 'none');
    expect(free).toHaveLength(STRUCTURE_CLASSES.length - guarded.length);
  });
});

describe('a vessel', () => {
  it('is an artery, a vein, or one of them', () => {
    expect(STRUCTURE_CLASSES.filter(isVessel)).toEqual(['artery', 'vein', 'vessel']);
  });
});

describe('absence', () => {
  it('of a needle has a reason and no numbers', () => {
    expect(absentNeedle('no-needle')).toMatchObject({
      state: 'absent',
      tip: null,
      tipReason: 'no-needle',
      confidence: 0,
      radius90Px: null,
      shaft: null,
    });
  });

  it('of guidance is unavailable, with the reasons', () => {
    const guidance = unavailableGuidance(['frozen']);
    expect(guidance).toMatchObject({ validity: 'unavailable', reasons: ['frozen'], target: null });
    expect(guidance.clearances).toEqual([]);
  });
});
