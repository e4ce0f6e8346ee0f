import type { Scene } from '../scene.js';
import { type Condition, condition } from './condition.js';

const KIND = 'needle-out-of-plane';

/** An in-plane needle is seen as a cross-section: what is seen need not be its tip. */
export function needleOutOfPlane({ needle, plan }: Scene): Condition {
  const text = 'Needle out of plane';
  if (plan.technique === 'out-of-plane') return condition(KIND, 'off', text);
  switch (needle.state) {
    case 'out-of-plane':
      return condition(KIND, 'on', text);
    case 'lost':
    case 'acquiring':
    case 'tip-coasting':
      return condition(KIND, 'unknown', text);
    default:
      return condition(KIND, 'off', text);
  }
}
