import type { AdvisoryKind } from '../../../domain/advisory.js';
import type { Condition, ConditionLevel } from '../../frame-context.js';

export type { Condition, ConditionLevel };

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
