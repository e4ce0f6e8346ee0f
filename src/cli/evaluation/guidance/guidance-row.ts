import type { BlockStatistic, BlockValue, RatioPart } from '../block-statistic.js';
import { type BootstrapOptions, bootstrapInterval, type Interval } from '../bootstrap.js';
import type { PlayedProcedure } from './played-procedure.js';

/** A row of issue 6's table: the figure, what it should reach, and how much it rests on. */
export interface GuidanceRow {
  readonly metric: string;
  readonly unit: 'mm' | '%' | 'ms' | '/min' | 'frames';
  /** null: nothing to measure it from. Infinity: never. */
  readonly value: number | null;
  /** 95 %, over whole procedures; null where there is none. */
  readonly interval: Interval | null;
  /** null: the issue asks for nothing. */
  readonly reach: Limits | null;
  readonly stretch: Limits | null;
  /** What it was made from, in words. */
  readonly from: string;
}

export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** What a row says beside its figure. */
export type Rest = Pick<GuidanceRow, 'metric' | 'unit' | 'from'> & {
  readonly reach?: Limits;
  readonly stretch?: Limits;
};

export const upTo = (high: number): Limits => ({ low: Number.NEGATIVE_INFINITY, high });
export const from = (low: number): Limits => ({ low, high: Number.POSITIVE_INFINITY });
export const around = (middle: number, by: number): Limits => ({
  low: middle - by,
  high: middle + by,
});

/** Whether a row reaches its figure. */
export function verdictOf({ value, reach, stretch }: GuidanceRow): string {
  if (value === null) return 'no data';
  if (reach === null) return '';
  const isWithin = ({ low, high }: Limits): boolean => value >= low && value <= high;
  if (stretch !== null && isWithin(stretch)) return 'met, stretch too';
  return isWithin(reach) ? 'met' : 'missed';
}

/** How a row's figure is computed, and the rest of the row. Shares are of 1. */
export type Figure = readonly [BlockStatistic, Rest];

/** Computes a row with its interval. */
export function rowOf([statistic, rest]: Figure, bootstrap: BootstrapOptions): GuidanceRow {
  const { metric, unit, from: made, reach = null, stretch = null } = rest;
  const scale = unit === '%' ? 100 : 1;
  const weights = new Uint8Array(Math.max(0, ...statistic.blocks) + 1).fill(1);
  const known = statistic.valueAt(weights);
  const never = statistic.blocks.length > 0 ? Number.POSITIVE_INFINITY : null;
  const interval = known === null ? null : bootstrapInterval(statistic, bootstrap);
  return {
    metric,
    unit,
    value: known === null ? never : scale * known,
    interval: interval && { low: scale * interval.low, high: scale * interval.high },
    reach,
    stretch,
    from: made,
  };
}

/** Values of each procedure, which is their block. */
export function valuesOf(
  played: readonly PlayedProcedure[],
  of: (one: PlayedProcedure) => readonly number[],
): readonly BlockValue[] {
  return played.flatMap((one, block) => of(one).map((value) => ({ block, value })));
}

/** Each procedure's part in a ratio. */
export function partsOf(
  played: readonly PlayedProcedure[],
  of: (one: PlayedProcedure) => readonly [above: number, below: number],
): readonly RatioPart[] {
  return played.map((one, block) => {
    const [above, below] = of(one);
    return { block, above, below };
  });
}

/** One side of the line over all procedures. */
export function sumOf(parts: readonly RatioPart[], side: 'above' | 'below'): number {
  return parts.reduce((sum, part) => sum + part[side], 0);
}
