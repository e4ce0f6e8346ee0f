import {
  type GuidancePlan,
  ruleFor,
  type WarningDistances,
  warningFor,
} from '../../domain/guidance-plan.js';
import type { StructureRule } from '../../domain/structure.js';
import type { TrackedStructure } from '../frame-context.js';

/** A tracked structure with what the plan says about it. */
export interface RuledStructure {
  readonly seen: TrackedStructure;
  readonly rule: StructureRule;
  readonly keepOffMm: number | null;
  readonly warning: WarningDistances;
}

/** Gives a structure its rule: from the protocol, not from its class alone. */
export function applyRule(plan: GuidancePlan, seen: TrackedStructure): RuledStructure {
  const planned = ruleFor(plan, seen.class);
  return {
    seen,
    rule: planned.rule,
    keepOffMm: planned.rule === 'keep-off' ? planned.keepOffMm : null,
    warning: warningFor(plan, planned),
  };
}

/** Whether the tip must not be inside: only these can be about to be broken. */
export function isProtected({ rule }: Pick<RuledStructure, 'rule'>): boolean {
  return rule === 'do-not-enter' || rule === 'beside' || rule === 'keep-off';
}

/** Clearance at which the rule of a protected structure is broken, mm. */
export function brokenAtMm({ keepOffMm }: RuledStructure): number {
  return keepOffMm ?? 0;
}
