import type { AdvisoryKind, AdvisorySettings } from './advisory.js';
import type { GuidanceReason } from './guidance.js';
import { defaultRule, type StructureClass, type StructureRule } from './structure.js';
import type { PlannedTarget } from './target.js';

/** How the needle is meant to go. */
export type Technique = 'in-plane' | 'out-of-plane';

/**
 * When a rule counts as about to be broken: the lower bound of the clearance comes within `enterMm`
 * of breaking it; over when it is beyond `leaveMm`. 0 ≤ enterMm < leaveMm.
 */
export interface WarningDistances {
  readonly enterMm: number;
  readonly leaveMm: number;
}

/** What the protocol says about one class of structures. */
export interface PlannedRule {
  readonly rule: StructureRule;
  /** > 0 for `keep-off`, else null. */
  readonly keepOffMm: number | null;
  /** null = by the rule: see `warningFor`. */
  readonly warning: WarningDistances | null;
}

/** An injection as the operator marked it, in capture time, µs. */
export interface MarkedInjection {
  readonly id: number;
  readonly startedAtUs: number;
  /** null while it goes on. */
  readonly endedAtUs: number | null;
}

/** What the spread stage takes from the protocol and from commands. */
export interface SpreadPlan {
  /** The injection that the operator marked last; null before the first. */
  readonly injection: MarkedInjection | null;
  /** Delay until "spread not seen" is said; null = never (intra-articular). */
  readonly notSeenAfterMs: number | null;
  /** Whether contact angle and nerve swelling are computed (`--research`). */
  readonly isResearch: boolean;
}

/**
 * Everything that the guide stage (and the spread stage) takes from the protocol and from the
 * operator's commands. The session makes a new one whenever something in it changes and hands it to
 * the engine (`EngineStream.setPlan`); from the next frame on it counts. It survives track epochs
 * and replaced engines. All times are capture times of the stream (the cart's clock, µs).
 */
export interface GuidancePlan {
  /** By class; `ruleFor` says what a class has that is not named. */
  readonly rules: Readonly<Partial<Record<StructureClass, PlannedRule>>>;
  /** Classes without which no nearest distance may be shown. */
  readonly mustSee: readonly StructureClass[];
  /** For `do-not-enter`, where the class has none of its own. */
  readonly warning: WarningDistances;
  readonly technique: Technique;
  readonly target: PlannedTarget | null;
  /** What differs from `ADVISORY_DEFAULTS`. */
  readonly advisories: Readonly<Partial<Record<AdvisoryKind, Partial<AdvisorySettings>>>>;
  /**
   * Until when a kind is acknowledged: silenced, never hidden. The session sets it to the newest
   * frame's capture time + `ACKNOWLEDGED_US`.
   */
  readonly acknowledgedUntilUs: Readonly<Partial<Record<AdvisoryKind, number>>>;
  readonly spread: SpreadPlan;
  /** Why guidance is degraded whatever the image shows, e.g. `side-not-confirmed`. */
  readonly limits: readonly GuidanceReason[];
}

/** How long acknowledging an advisory silences its kind, µs. */
export const ACKNOWLEDGED_US = 10_000_000;

/** The plan without a protocol: what the service does for a stream until it is told otherwise. */
export const DEFAULT_PLAN: GuidancePlan = {
  rules: {},
  mustSee: [],
  warning: { enterMm: 3, leaveMm: 4 },
  technique: 'in-plane',
  target: null,
  advisories: {},
  acknowledgedUntilUs: {},
  spread: { injection: null, notSeenAfterMs: 3000, isResearch: false },
  limits: [],
};

/**
 * The rule of a class: the plan's, else the default (nerves and vessels are not to be entered).
 *
 * A `vessel` may be an artery, so it stays `do-not-enter` unless the plan names it with `enter` or
 * with a distance to keep.
 */
export function ruleFor(plan: GuidancePlan, structureClass: StructureClass): PlannedRule {
  const planned = plan.rules[structureClass] ?? byDefault(structureClass);
  const isUndecided = structureClass === 'vessel';
  if (!isUndecided || planned.rule === 'enter' || planned.rule === 'keep-off') return planned;
  return { ...planned, rule: 'do-not-enter' };
}

/** `beside` and `keep-off` say themselves how near is meant, so they warn only at that distance. */
const WARNING_AT_THE_RULE: WarningDistances = { enterMm: 0, leaveMm: 1 };

/** When a rule counts as about to be broken, in mm from breaking it. */
export function warningFor(plan: GuidancePlan, planned: PlannedRule): WarningDistances {
  if (planned.warning !== null) return planned.warning;
  return planned.rule === 'do-not-enter' ? plan.warning : WARNING_AT_THE_RULE;
}

function byDefault(structureClass: StructureClass): PlannedRule {
  return { rule: defaultRule(structureClass), keepOffMm: null, warning: null };
}
