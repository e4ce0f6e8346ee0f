import { isVessel, type StructureClass } from '../../domain/structure.js';
import type { TrackedStructure } from '../frame-context.js';

/**
 * Classes that the protocol requires and that no structure outlined in this frame has. Where the
 * protocol asks for a `vessel` an artery or a vein will do, but an undecided vessel is no answer to
 * where the `artery` is.
 */
export function unseenClasses(
  mustSee: readonly StructureClass[],
  structures: readonly TrackedStructure[],
): readonly StructureClass[] {
  const seen = structures.filter(({ isCoasting }) => !isCoasting);
  return mustSee.filter((wanted) => {
    return !seen.some(({ class: name }) => {
      return name === wanted || (wanted === 'vessel' && isVessel(name));
    });
  });
}
