import { DEFAULT_PLAN, type GuidancePlan, type PlannedRule } from '../../domain/guidance-plan.js';
import type { StructureClass } from '../../domain/structure.js';
import { type Injection, isRunning, type Procedure } from './procedure.js';

/** What is acknowledged, and until when: capture time of the cart's present connection, µs. */
export type Acknowledged = GuidancePlan['acknowledgedUntilUs'];

/**
 * What the guide and the spread stage go by: the protocol and the commands of a running procedure,
 * else the defaults.
 *
 * @param connectionSinceUs - when the present cart connected (service clock): injections before
 *   have capture times of another clock; null without a cart
 * @param isResearch - whether contact angle and nerve swelling are computed
 */
export function guidancePlanOf(
  procedure: Procedure | null,
  acknowledgedUntilUs: Acknowledged,
  connectionSinceUs: number | null,
  isResearch: boolean,
): GuidancePlan {
  if (!isRunning(procedure)) return { ...DEFAULT_PLAN, acknowledgedUntilUs };
  const { protocol, technique, target, side, isFrozen, injections } = procedure;
  const { enterMm, leaveMm } = protocol.warning;
  const newest = injections.findLast(({ startedAtUs, step }) => {
    return step !== 'aspirate' && startedAtUs >= (connectionSinceUs ?? Number.POSITIVE_INFINITY);
  });
  return {
    ...DEFAULT_PLAN,
    rules: rulesOf(procedure),
    mustSee: protocol.structures.filter(({ mustSee }) => mustSee).map((one) => one.class),
    warning: { enterMm, leaveMm },
    technique,
    target,
    acknowledgedUntilUs,
    spread: {
      injection: newest === undefined ? null : plannedInjection(newest),
      notSeenAfterMs: protocol.spread.notSeenAfterMs,
      isResearch,
    },
    limits: [
      ...(side === null ? (['side-not-confirmed'] as const) : []),
      ...(isFrozen ? (['frozen'] as const) : []),
    ],
  };
}

function rulesOf({ protocol }: Procedure): GuidancePlan['rules'] {
  const rules: Partial<Record<StructureClass, PlannedRule>> = {};
  for (const one of protocol.structures) {
    rules[one.class] = { rule: one.rule, keepOffMm: one.keepOffMm, warning: one.warning };
  }
  return rules;
}

function plannedInjection(one: Injection): GuidancePlan['spread']['injection'] {
  if (one.startedCaptureUs === null) return null;
  const { injection: id, startedCaptureUs: startedAtUs, endedCaptureUs: endedAtUs } = one;
  return { id, startedAtUs, endedAtUs };
}
