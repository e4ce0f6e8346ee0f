import type { AdvisoryKind } from '../../../domain/advisory.js';
import type { StructureClass } from '../../../domain/structure.js';

/**
 * How a condition stands in one frame: `on` it holds · `between` it neither holds nor is it over
 * (inside its hysteresis) · `off` it is over · `unknown` this frame cannot tell.
 */
export type ConditionLevel = 'on' | 'between' | 'off' | 'unknown';

/** What one frame says about one kind of advisory. */
export interface Condition {
  readonly kind: AdvisoryKind;
  readonly level: ConditionLevel;
  /** What is so, in words; never what to do next. */
  readonly text: string;
  readonly structureId: number | null;
  readonly structureClass: StructureClass | null;
}

/** A condition that is about no structure. */
export function condition(kind: AdvisoryKind, level: ConditionLevel, text: string): Condition {
  return { kind, level, text, structureId: null, structureClass: null };
}

/** Level of a value that is bad when it is small: `on` up to `enter`, `off` beyond `leave`. */
export function levelBelow(value: number, enter: number, leave: number): ConditionLevel {
  if (value <= enter) return 'on';
  return value > leave ? 'off' : 'between';
}

/** Level of a value that is bad when it is large: `on` from `enter` on, `off` below `leave`. */
export function levelAbove(value: number, enter: number, leave: number): ConditionLevel {
  return levelBelow(-value, -enter, -leave);
}
