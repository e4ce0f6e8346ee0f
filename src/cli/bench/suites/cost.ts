import { median } from '../../../domain/median.js';
import type { LoadFigures } from '../load-figures.js';
import { meaningOfAll } from '../meaning.js';
import type { Figure, Measurement, SuiteResult } from '../result.js';
import { fitExponent } from '../statistics.js';
import type { Suite, SuiteFindings } from './suite.js';

/** What may grow, and how it is read from a load. */
const GROWING: readonly (readonly [string, (figures: LoadFigures) => number | null])[] = [
  ['latency p50', (figures) => figures.dueToOverlayMs?.p50 ?? null],
  ['latency p99', (figures) => figures.dueToOverlayMs?.p99 ?? null],
  ['CPU per frame', (figures) => figures.targetCpuSecondsPerFrame],
  ['memory', (figures) => figures.targetMemoryBytesMax],
];

/** Suites that `cost` reads, by what grows in them. */
export interface CostSources {
  readonly pixels: SuiteResult;
  readonly streams: SuiteResult;
  readonly displays: SuiteResult;
}

/**
 * How each figure grows: the exponent b of figure = a · x^b over what the other suites measured,
 * for x = pixels (gray8), streams and displays. 0 = does not grow, 1 = in proportion.
 */
export const cost: Suite = async (context) =>
  costOf({
    pixels: await context.resultOf('end-to-end'),
    streams: await context.resultOf('streams'),
    displays: await context.resultOf('displays'),
  });

/** The same of results that are there already. */
export function costOf(sources: CostSources): SuiteFindings {
  const figures: Figure[] = [];
  const sizeOf = {
    pixels: ({ conditions }: Measurement) =>
      conditions.format === 'gray8'
        ? Number(conditions.widthPx) * Number(conditions.heightPx)
        : null,
    streams: ({ conditions }: Measurement) => Number(conditions.streams),
    displays: ({ conditions }: Measurement) => Number(conditions.displays),
  };
  for (const over of ['pixels', 'streams', 'displays'] as const) {
    for (const [name, read] of GROWING) {
      const exponent = fitExponent(pointsOf(sources[over], sizeOf[over], read));
      if (exponent === null) continue;
      figures.push({ name: `${name} over ${over}`, value: exponent, unit: 'exponent' });
    }
  }
  const meanings = [sources.pixels, sources.streams, sources.displays].map((one) => one.meaning);
  return { measurements: [], figures, meaning: meaningOfAll(meanings), invalidBecause: [] };
}

/** One point a size: the median over its repetitions. */
function pointsOf(
  { measurements }: SuiteResult,
  sizeOf: (one: Measurement) => number | null,
  read: (figures: LoadFigures) => number | null,
): readonly (readonly [number, number])[] {
  const bySize = new Map<number, number[]>();
  for (const one of measurements) {
    const [size, value] = [sizeOf(one), read(one.figures)];
    if (size === null || value === null) continue;
    bySize.set(size, [...(bySize.get(size) ?? []), value]);
  }
  return [...bySize].map(([size, values]) => [size, median(values)] as const);
}
