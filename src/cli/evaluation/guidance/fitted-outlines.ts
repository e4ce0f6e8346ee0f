import type { OutlineError } from '../../../domain/outline-error.js';
import type { StructureClass } from '../../../domain/structure.js';
import { percentile, rounded } from '../../percentiles.js';
import type { BoundSample } from './procedure-scorer.js';

/** 90 % quantile of the standard normal distribution, one-sided. */
const QUANTILE_90 = 1.2816;

/**
 * How far outlines of one class are off where they are nearest to the tip, within 5 mm of it: what
 * a model's manifest says under `calibration.outlines`. > 0: the outline lies behind the true edge.
 */
export interface FittedOutlineError extends OutlineError {
  /** What the structures were taken for. */
  readonly class: StructureClass;
  readonly isSure: boolean;
  /** Independent segments that this rests on. */
  readonly segments: number;
  /** Errors of the tip along the same directions, mm: their median and 90 % quantile. */
  readonly tipMedianMm: number;
  readonly tipP90Mm: number;
}

/**
 * Fits the error of every class that occurs: its median, and the standard deviation of the normal
 * distribution with that median whose 90 % quantile is the errors' own, since it is this side that
 * a lower bound has to cover.
 */
export function outlineErrors(samples: readonly BoundSample[]): readonly FittedOutlineError[] {
  const names = [...new Set(samples.map(({ stated }) => stated))].sort();
  const groups = names.flatMap((name) => [true, false].map((isSure) => ({ name, isSure })));
  return groups.flatMap(({ name, isSure }) => {
    const own = samples.filter((one) => one.stated === name && one.isSure === isSure);
    if (own.length === 0) return [];
    const outline = own.map(({ outlineMm }) => outlineMm);
    const tip = own.map(({ tipMm }) => tipMm);
    const biasMm = percentile(outline, 50) ?? 0;
    const sigmaMm = ((percentile(outline, 90) ?? 0) - biasMm) / QUANTILE_90;
    return {
      class: name,
      isSure,
      biasMm: shown(biasMm),
      sigmaMm: shown(sigmaMm),
      segments: own.length,
      tipMedianMm: shown(percentile(tip, 50)),
      tipP90Mm: shown(percentile(tip, 90)),
    };
  });
}

function shown(mm: number | null): number {
  return rounded(mm, 3) ?? 0;
}
