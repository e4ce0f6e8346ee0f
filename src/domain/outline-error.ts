import type { StructureClass } from './structure.js';

/** How far outlines of a class may be off, across themselves. */
export interface OutlineError {
  /** How far they lie behind the true edge in the median, mm; < 0: before it. */
  readonly biasMm: number;
  /** Standard deviation about that, mm. */
  readonly sigmaMm: number;
}

/** Confidence from which on an outline is sure of itself. */
export const SURE_OUTLINE = 0.7;

/** Outlines that are not sure of themselves often show a part of a structure. */
export interface ClassOutlineError {
  readonly sure: OutlineError;
  readonly unsure: OutlineError;
}

/** What is known of it; a class that is missing was not measured. */
export type OutlineErrors = Readonly<Partial<Record<StructureClass, ClassOutlineError>>>;

/** The error of an outline; null where nobody has measured its class. */
export function outlineErrorOf(
  errors: OutlineErrors,
  { class: name, confidence }: { readonly class: StructureClass; readonly confidence: number },
): OutlineError | null {
  const known = errors[name];
  if (known === undefined) return null;
  return confidence >= SURE_OUTLINE ? known.sure : known.unsure;
}
