import { REAL_FRAME_SETS } from './real-frame-sets.js';
import { VALIDATION_BIT } from './shard-record.js';

/** Sets by number, as `shards.json` lists them: bits 26 to 30 of a group say which one it is of. */
export const RECORD_SETS: readonly string[] = [
  'phantom',
  'heldout',
  'other',
  ...REAL_FRAME_SETS.map((set) => set.name),
];

/**
 * Number of a group: the validation bit, five bits for the set, and 26 bits of the name's hash
 * (FNV-1a). A composite belongs to the group of its background, so that neither the background nor
 * the needles drawn on it are on both sides.
 */
export function recordGroup(set: string, name: string, isValidation: boolean): number {
  const index = RECORD_SETS.indexOf(set);
  if (index < 0) throw new Error(`Assertion failed: no set ${set}`);
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  const named = ((index << 26) | (hash & 0x3ff_ffff)) >>> 0;
  return isValidation ? (named | VALIDATION_BIT) >>> 0 : named;
}
