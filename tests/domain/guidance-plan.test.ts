import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PLAN,
  type GuidancePlan,
  type PlannedRule,
  ruleFor,
  warningFor,
} from '../../src/domain/guidance-plan.js';
import type { StructureClass, StructureRule } from '../../src/domain/structure.js';

const rule = (name: StructureRule, keepOffMm: number | null = null): PlannedRule => {
  return { rule: name, keepOffMm, warning: null };
};
const planned = (of: StructureClass, by: PlannedRule): GuidancePlan => {
  return { ...DEFAULT_PLAN, rules: { [of]: by } };
};

describe('a guidance plan', () => {
  it('without a protocol protects nerves and vessels and leaves the rest free', () => {
    for (const name of ['nerve', 'artery', 'vein', 'vessel'] as const) {
      expect(ruleFor(DEFAULT_PLAN, name).rule).toBe('do-not-enter');
    }
    expect(ruleFor(DEFAULT_PLAN, 'muscle').rule).toBe('none');
    expect(ruleFor(DEFAULT_PLAN, 'bone').rule).toBe('none');
  });

  it('goes by the protocol where that names a class', () => {
    expect(ruleFor(planned('bone', rule('contact')), 'bone').rule).toBe('contact');
    expect(ruleFor(planned('nerve', rule('beside')), 'nerve').rule).toBe('beside');
    expect(ruleFor(planned('pleura', rule('keep-off', 5)), 'pleura').keepOffMm).toBe(5);
  });

  it('keeps an undecided vessel from being entered unless the protocol says enter', () => {
    for (const name of ['none', 'beside', 'contact'] as const) {
      expect(ruleFor(planned('vessel', rule(name)), 'vessel').rule).toBe('do-not-enter');
    }
    expect(ruleFor(planned('vein', rule('enter')), 'vessel').rule).toBe('do-not-enter');
    expect(ruleFor(planned('vessel', rule('enter')), 'vessel').rule).toBe('enter');
    expect(ruleFor(planned('vessel', rule('keep-off', 4)), 'vessel').rule).toBe('keep-off');
  });

  it('warns 3 mm before a forbidden outline, and at the distance that a rule names itself', () => {
    expect(warningFor(DEFAULT_PLAN, rule('do-not-enter'))).toEqual({ enterMm: 3, leaveMm: 4 });
    expect(warningFor(DEFAULT_PLAN, rule('beside'))).toEqual({ enterMm: 0, leaveMm: 1 });
    expect(warningFor(DEFAULT_PLAN, rule('keep-off', 5))).toEqual({ enterMm: 0, leaveMm: 1 });
    const own = { enterMm: 1, leaveMm: 1.5 };
    expect(warningFor(DEFAULT_PLAN, { ...rule('do-not-enter'), warning: own })).toEqual(own);
  });
});
