import { isProtected } from '../protection.js';
import type { Findings, Scene } from '../scene.js';
import { type Condition, condition, levelBelow } from './condition.js';

const KIND = 'tip-inside';
/** How far outside the tip has to be for it to be over, mm. */
const LEAVE_MM = 0.5;

/** The tip is inside the outline of a structure that must not be entered. */
export function tipInside(scene: Scene, { clearances }: Findings): Condition {
  if (scene.needle.state === 'absent') return condition(KIND, 'off', '');
  const protectedIds = new Set(scene.structures.filter(isProtected).map(({ seen }) => seen.id));
  const measured = clearances.flatMap(({ structureId, structureClass, clearanceMm }) =>
    structureId !== null && clearanceMm !== null && protectedIds.has(structureId)
      ? [{ structureId, structureClass, clearanceMm }]
      : [],
  );
  const [deepest] = measured.sort((a, b) => a.clearanceMm - b.clearanceMm);
  if (deepest === undefined) return condition(KIND, clearances.length > 0 ? 'unknown' : 'off', '');
  const { structureId, structureClass, clearanceMm } = deepest;
  const text = `Tip inside the ${structureClass}`;
  return {
    kind: KIND,
    level: levelBelow(clearanceMm, 0, LEAVE_MM),
    text,
    structureId,
    structureClass,
  };
}
