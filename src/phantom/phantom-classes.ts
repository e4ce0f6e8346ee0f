import type { LabelClass } from '../domain/ground-truth.js';

/** Classes of the phantom's label maps; a label is an index into this. The order is fixed. */
export const PHANTOM_CLASSES: readonly LabelClass[] = [
  'background',
  'nerve',
  'artery',
  'vein',
  'bone',
  'fascia',
  'muscle',
  'fluid',
  'injectate',
];

/** The label of a class; a class that the phantom does not have is a programmer's error. */
export function phantomLabel(name: LabelClass): number {
  const label = PHANTOM_CLASSES.indexOf(name);
  if (label < 0) throw new Error(`Assertion failed: the phantom has no class ${name}`);
  return label;
}
