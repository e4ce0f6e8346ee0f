import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { EcholineError } from '../../../domain/errors.js';
import { median } from '../../../domain/median.js';
import { FRAME_STAGES } from '../../../domain/overlay.js';
import { conditionWords } from '../compare/compare-results.js';
import { createUsHistogram } from '../latency-figures.js';
import type { LatencyFigures } from '../load-figures.js';
import type { Measurement } from '../result.js';
import { type Stack, stackChart } from './bars.js';
import { linePlot } from './plot.js';

/** Loads in one picture beyond which it says nothing. */
const LINES_MAX = 6;
/** The same of bars, which lie beside one another. */
const STACKS_MAX = 12;
/** Points of a line per tenfold. */
const POINTS_PER_DECADE = 30;
const PERCENTILE_TICKS = [
  [1, '0 %'],
  [2, '50 %'],
  [10, '90 %'],
  [100, '99 %'],
  [1000, '99.9 %'],
  [10_000, '99.99 %'],
  [100_000, '99.999 %'],
] as const;

/** Measurements of the same load, all repetitions. */
interface LoadGroup {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

/** Repetitions put together, in the order of the first. */
function groupLoads(measurements: readonly Measurement[]): readonly LoadGroup[] {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const name = `${measurement.target}, ${shortWords(measurement.conditions)}`;
    groups.set(name, [...(groups.get(name) ?? []), measurement]);
  }
  return [...groups].map(([name, group]) => ({ name, measurements: group }));
}

/** `gray8 512 × 512` for an image of this format and size, so that it fits beside a bar. */
function shortWords({ format, widthPx, heightPx, ...rest }: Measurement['conditions']): string {
  if (format === undefined || widthPx === undefined || heightPx === undefined) {
    return conditionWords({ ...rest, ...(format !== undefined && { format }) });
  }
  const others = conditionWords(rest);
  return `${format} ${widthPx} × ${heightPx}${others === '' ? '' : `, ${others}`}`;
}

/** Latency at each percentile, all repetitions of a load in one line; the tail gets the room. */
export function latencySection(measurements: readonly Measurement[]): string {
  const lines = groupLoads(measurements).flatMap(({ name, measurements: group }) => {
    const latencies = group.flatMap(({ figures }) => figures.dueToOverlayMs ?? []);
    return latencies.length === 0
      ? []
      : { name, points: percentileLine(latencies), hasDots: false };
  });
  const title = 'Latency by percentile: from when a frame was due to its overlay received';
  const x = { title: 'percentile', scale: 'log', ticks: PERCENTILE_TICKS, from: 1 } as const;
  const y = { title: 'ms', scale: 'linear' } as const;
  return linePlot(title, x, y, lines.slice(0, LINES_MAX));
}

/** Points (1 / (1 − percentile), ms) up to the last percentile that a single frame decides. */
function percentileLine(latencies: readonly LatencyFigures[]): (readonly [number, number])[] {
  const sum = createUsHistogram();
  for (const { histogram } of latencies) sum.add(decode(histogram));
  const decades = Math.log10(Math.max(10, sum.totalCount));
  const count = Math.ceil(decades * POINTS_PER_DECADE);
  return Array.from({ length: count + 1 }, (_, index) => {
    const inverse = 10 ** ((decades * index) / count);
    return [inverse, sum.getValueAtPercentile(100 * (1 - 1 / inverse)) / 1000] as const;
  });
}

function decode(histogram: string) {
  try {
    return decodeFromCompressedBase64(histogram, 32, false);
  } catch (cause) {
    const message = 'A result has a latency histogram that cannot be read; measure again.';
    throw new EcholineError('ECHOLINE_BENCH_RESULT', message, {}, { cause });
  }
}

/**
 * Where the time goes: medians of the stages as overlays state them, then what is left of the time
 * inside of the service, then of the whole. Medians of parts need not add up; nothing is below 0.
 */
export function waterfallSection(measurements: readonly Measurement[]): string {
  const stacks = groupLoads(measurements)
    .slice(0, STACKS_MAX)
    .flatMap(({ name, measurements: group }) => stackOf(name, group));
  if (stacks.length === 0) return '';
  const title = 'Where the time goes, p50: stages, the rest of the service, sockets and hosts';
  return stackChart(title, stacks);
}

function stackOf(name: string, group: readonly Measurement[]): readonly Stack[] {
  const middle = (read: (figures: Measurement['figures']) => number | undefined) =>
    median(group.flatMap(({ figures }) => read(figures) ?? []));
  const stages = FRAME_STAGES.map(
    (stage) => [stage, middle(({ stageMs }) => stageMs?.[stage])] as const,
  ).filter(([, ms]) => Number.isFinite(ms));
  const whole = middle(({ dueToOverlayMs }) => dueToOverlayMs?.p50);
  if (stages.length === 0 || !Number.isFinite(whole)) return [];
  const inStages = stages.reduce((sum, [, ms]) => sum + ms, 0);
  const service = middle(({ receiveToPublishMs }) => receiveToPublishMs?.p50);
  const inService = Number.isFinite(service) ? Math.max(inStages, service) : inStages;
  const rest = [
    ['rest of the service', inService - inStages],
    ['sockets and hosts', Math.max(0, whole - inService)],
  ] as const;
  return [{ name, parts: [...stages, ...rest] }];
}
