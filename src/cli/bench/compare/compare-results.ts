import { EcholineError } from '../../../domain/errors.js';
import { median } from '../../../domain/median.js';
import type { BenchResult, Measurement } from '../result.js';
import { LOAD_METRICS, type LoadMetric } from './load-metrics.js';
import { type RatioInterval, REPEATS_MIN, ratioInterval } from './ratio-interval.js';
import type { ResultSet } from './read-results.js';

/** One number of one load, in both. */
export interface ComparedRow {
  readonly suite: string;
  readonly target: string;
  /** In words, e.g. `format gray8, widthPx 512`. */
  readonly conditions: string;
  readonly metric: LoadMetric;
  /** Repeats in the first and in the second. */
  readonly repeats: readonly [number, number];
  /** Medians of the repeats. */
  readonly medians: readonly [number, number];
  /** The second over the first; null with too few repeats, or where a value is not above 0. */
  readonly ratio: RatioInterval | null;
}

/** Two sets of results side by side. */
export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Why the two must not be compared, or not quoted; empty = they may. */
  readonly objections: readonly string[];
}

/**
 * Compares the loads that both sets have. With at least 5 files on a side its repeats are the
 * medians of the files, because runs differ by more than the repetitions inside of one; with
 * fewer, the repetitions themselves.
 *
 * @param isForced - go on where the two are not of the same meaning, model, machine and mode
 * @throws EcholineError ECHOLINE_BENCH_NOT_COMPARABLE when they are not, and nobody forces;
 *   ECHOLINE_BENCH_RESULT when no load has 5 repeats on both sides
 */
export function compareResults(a: ResultSet, b: ResultSet, isForced: boolean): Comparison {
  const objections = objectionsTo(a, b);
  if (objections.length > 0 && !isForced) {
    const message = `${a.path} and ${b.path} cannot be compared: ${objections.join('; ')}.`;
    const advice = ' Measure both in the same way, or give --force.';
    throw new EcholineError('ECHOLINE_BENCH_NOT_COMPARABLE', message + advice);
  }
  const [before, after] = [loadsOf(a), loadsOf(b)];
  const rows = [...before].flatMap(([key, first]) => {
    const second = after.get(key);
    return second === undefined ? [] : rowsOf(first, second);
  });
  if (!rows.some(({ ratio }) => ratio !== null)) throw tooFew(a, b, rows);
  return { rows, objections };
}

function tooFew(a: ResultSet, b: ResultSet, rows: readonly ComparedRow[]): EcholineError {
  const most = (side: 0 | 1) => Math.max(0, ...rows.map(({ repeats }) => repeats[side]));
  const found =
    rows.length === 0
      ? 'they have no load in common'
      : `${a.path} has ${most(0)} and ${b.path} has ${most(1)}`;
  return new EcholineError(
    'ECHOLINE_BENCH_RESULT',
    `Expected at least ${REPEATS_MIN} repeats of the same loads on both sides; ${found}. Run ` +
      'echoline bench in full, or give folders with a file for each run.',
  );
}

interface Load {
  readonly suite: string;
  readonly target: string;
  readonly conditions: string;
  /** Measurements of each file. */
  readonly files: Measurement[][];
}

function loadsOf({ results }: ResultSet): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const [file, { suites }] of results.entries()) {
    for (const { suite, measurements } of suites) {
      for (const measurement of measurements) {
        const { target } = measurement;
        const conditions = conditionWords(measurement.conditions);
        const key = JSON.stringify([suite, target, conditions]);
        const load = loads.get(key) ?? { suite, target, conditions, files: [] };
        loads.set(key, load);
        load.files[file] = [...(load.files[file] ?? []), measurement];
      }
    }
  }
  return loads;
}

/** Conditions as a table says them; equal words are equal conditions. */
export function conditionWords(conditions: Measurement['conditions']): string {
  return Object.entries(conditions)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function rowsOf(first: Load, second: Load): readonly ComparedRow[] {
  return LOAD_METRICS.flatMap((metric) => {
    const [before, after] = [repeatsOf(first, metric), repeatsOf(second, metric)];
    if (before.length === 0 || after.length === 0) return [];
    const { suite, target, conditions } = first;
    return {
      suite,
      target,
      conditions,
      metric,
      repeats: [before.length, after.length] as const,
      medians: [median(before), median(after)] as const,
      ratio: ratioInterval(after, before),
    };
  });
}

function repeatsOf({ files }: Load, metric: LoadMetric): readonly number[] {
  const values = files
    .map((measurements) => measurements.flatMap(({ figures }) => metric.read(figures) ?? []))
    .filter((ofFile) => ofFile.length > 0);
  return values.length >= REPEATS_MIN ? values.map(median) : values.flat();
}

/** What has to be the same in all results of a comparison, in words. */
const SAME: Readonly<Record<string, (result: BenchResult) => string>> = {
  machine: ({ machine }) => `${machine.cores} × ${machine.cpu}, ${machine.system}`,
  model: ({ model }) =>
    model === null ? 'unknown' : `${model.id} ${model.precision} ${model.sha256.slice(0, 12)}`,
  mode: ({ mode }) => mode,
};

/** In which of machine, model and mode results differ, in words; empty = in none. */
export function differencesIn(results: readonly BenchResult[]): readonly string[] {
  return Object.entries(SAME).flatMap(([what, read]) => {
    const found = [...new Set(results.map(read))];
    return found.length < 2 ? [] : [`they differ in their ${what} (${found.join('; ')})`];
  });
}

function objectionsTo(a: ResultSet, b: ResultSet): readonly string[] {
  const all = [...a.results, ...b.results];
  const different = [...differencesIn(all)];
  const suites = new Set(all.flatMap((result) => result.suites.map(({ suite }) => suite)));
  const meanings = [...suites].filter((name) => {
    const hashes = all.flatMap(({ suites: own }) =>
      own.flatMap(({ suite, meaning }) => (suite === name ? [meaning] : [])),
    );
    return new Set(hashes).size > 1;
  });
  if (meanings.length > 0) {
    different.push(`they do not compute the same in ${meanings.join(', ')} (meaning hash)`);
  }
  const invalid = new Set(all.flatMap(({ invalidBecause }) => invalidBecause));
  return [...different, ...[...invalid].map((reason) => `a result is invalid: ${reason}`)];
}
