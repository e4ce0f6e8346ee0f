import type { Clearance } from '../../../domain/guidance.js';
import { brokenAtMm, isProtected, type RuledStructure } from '../protection.js';
import type { Findings, Scene } from '../scene.js';
import { type Condition, type ConditionLevel, condition, levelBelow } from './condition.js';

const KIND = 'rule-at-risk';

/**
 * A rule is about to be broken: the lower bound of a protected structure's clearance has come
 * within the warning distance of breaking it. On the bound, not on the distance, so that a tip that
 * is badly known warns earlier.
 *
 * @param advisedId - the structure that the active advisory is about; while it is not measured,
 *   nobody can tell that it is over
 */
export function ruleAtRisk(
  scene: Scene,
  { clearances, unseen }: Findings,
  advisedId: number | null,
): Condition {
  if (scene.needle.state === 'absent') return condition(KIND, 'off', '');
  const judged = scene.structures.filter(isProtected).flatMap((structure): Judged[] => {
    const clearance = clearances.find(({ structureId }) => structureId === structure.seen.id);
    const margin = marginMm(structure, clearance);
    if (margin === null) return [];
    const { enterMm, leaveMm } = structure.warning;
    return [{ structure, margin, level: levelBelow(margin - enterMm, 0, leaveMm - enterMm) }];
  });
  const isAdvisedMeasured = judged.some(({ structure }) => structure.seen.id === advisedId);
  const isBlind =
    clearances.length === 0 || unseen.length > 0 || (advisedId !== null && !isAdvisedMeasured);
  const worst = judged
    .filter(({ level }) => level !== 'off')
    .sort((a, b) => order(a) - order(b) || a.margin - b.margin)[0];
  if (worst === undefined) return condition(KIND, isBlind ? 'unknown' : 'off', '');
  const { seen } = worst.structure;
  return {
    kind: KIND,
    level: worst.level,
    text: textOf(worst.structure),
    structureId: seen.id,
    structureClass: seen.class,
  };
}

interface Judged {
  readonly structure: RuledStructure;
  readonly margin: number;
  readonly level: ConditionLevel;
}

/** How far the lower bound is from breaking the rule, mm; null when it was not measured. */
function marginMm(structure: RuledStructure, clearance: Clearance | undefined): number | null {
  const bound = clearance?.lowerBoundMm ?? null;
  return bound === null ? null : bound - brokenAtMm(structure);
}

function order({ level }: Judged): number {
  return level === 'on' ? 0 : 1;
}

function textOf({ seen, rule, keepOffMm }: RuledStructure): string {
  return rule === 'keep-off'
    ? `Tip near the ${keepOffMm} mm to keep from the ${seen.class}`
    : `Tip near the ${seen.class}`;
}
