import type { StructureClass } from './structure.js';

/** How far outlines of a class may be off, across themselves. */
export interface OutlineError {
  /** How far they lie behind the true edge in the median, mm; < 0: before it. */
  readonly biasMm: number;
  /** Standard deviation about that, mm. */
  readonly sigmaMm: number;
}

/** What is known of it; a class that is missing was not measured. */
export type OutlineErrors = Readonly<Partial<Record<StructureClass, OutlineError>>>;
