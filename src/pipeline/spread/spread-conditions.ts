import type { SpreadState } from '../../domain/spread.js';
import type { StructureClass } from '../../domain/structure.js';
import type { Condition } from '../frame-context.js';

/** Nothing is seen of the injection for as long as the protocol allows. */
export function spreadNotSeen(state: SpreadState): Condition {
  return {
    kind: 'spread-not-seen',
    level: state === 'not-seen' ? 'on' : 'off',
    text: 'Spread not seen',
    structureId: null,
    structureClass: null,
  };
}

/**
 * Most of the spread lies inside the outline that a vessel had before the injection.
 *
 * @param vessel - null where it does not
 */
export function spreadInVessel(
  vessel: { readonly id: number; readonly class: StructureClass } | null,
): Condition {
  return {
    kind: 'spread-in-vessel',
    level: vessel === null ? 'off' : 'on',
    text: vessel === null ? '' : `Spread inside the ${vessel.class}`,
    structureId: vessel?.id ?? null,
    structureClass: vessel?.class ?? null,
  };
}
