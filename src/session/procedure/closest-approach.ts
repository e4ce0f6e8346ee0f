import type { ProcedureFrame } from '../../domain/procedure-frame.js';
import type { StructureClass } from '../../domain/structure.js';

/** How near the tip came to a class of structures. */
export interface ClosestApproach {
  readonly class: StructureClass;
  /** The structure of that class that was nearest, as its overlay named it. */
  readonly structureId: number;
  /** Signed, < 0 inside, mm. */
  readonly clearanceMm: number;
  /** Lower 90 % bound of that clearance, mm. */
  readonly lowerBoundMm: number | null;
  /** When, service clock, µs. */
  readonly atUs: number;
}

/**
 * Adds one frame: the smallest stated clearance of each class stays. By class and not by identity,
 * because an identity ends when a structure leaves the picture and its class does not.
 */
export function addClosest(
  closest: readonly ClosestApproach[],
  frame: ProcedureFrame,
): readonly ClosestApproach[] {
  const { atUs, guidance } = frame;
  let result = closest;
  for (const clearance of guidance.clearances) {
    const { structureId, clearanceMm, lowerBoundMm } = clearance;
    if (structureId === null || clearanceMm === null) continue;
    const known = result.find((one) => one.class === clearance.structureClass);
    if (known !== undefined && known.clearanceMm <= clearanceMm) continue;
    const one = { class: clearance.structureClass, structureId, clearanceMm, lowerBoundMm, atUs };
    result = [...result.filter((other) => other !== known), one];
  }
  return result;
}
