import { median } from '../../../domain/median.js';
import type { Spread } from '../../../domain/spread.js';
import type { ProcedureEvent } from '../../../phantom/procedure/procedure-event.js';

/** Areas are compared from this long after the fluid came, s. */
const SETTLED_S = 1;

/** How one scripted injection was seen. */
export interface InjectionScore {
  /** False where no fluid came into the image. */
  readonly hasFluid: boolean;
  /** From the fluid (or when it should have come) to `seen`, ms; < 0: before; Infinity: never. */
  readonly onsetDelayMs: number;
  /** Median of |area − truth| / truth, of the frames in which it was seen; null without any. */
  readonly areaError: number | null;
}

export interface InjectionScorer {
  /** @param truthMm2 - null where it was not measured */
  add(timeS: number, truthMm2: number | null, spread: Spread | undefined): void;
  score(): InjectionScore;
}

/** Judges the spread of one injection against the true pool. */
export function createInjectionScorer(event: ProcedureEvent): InjectionScorer {
  let seenS: number | null = null;
  const errors: number[] = [];
  return {
    add(timeS, truthMm2, spread) {
      if (spread?.state !== 'seen') return;
      seenS ??= timeS;
      const { areaMm2 } = spread;
      if (timeS < event.fromS + SETTLED_S || timeS > event.toS || areaMm2 === null) return;
      if (truthMm2 !== null && truthMm2 > 0) errors.push(Math.abs(areaMm2 - truthMm2) / truthMm2);
    },
    score() {
      const onsetDelayMs = seenS === null ? Number.POSITIVE_INFINITY : (seenS - event.fromS) * 1000;
      const areaError = errors.length === 0 ? null : median(errors);
      return { hasFluid: event.kind === 'injection', onsetDelayMs, areaError };
    },
  };
}
