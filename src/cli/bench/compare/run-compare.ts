import { EcholineError } from '../../../domain/errors.js';
import { type CommandContext, EXIT_FAILURE, EXIT_OK } from '../../command.js';
import { type ComparedRow, type Comparison, compareResults } from './compare-results.js';
import { type FailCondition, parseFailCondition } from './fail-condition.js';
import { readResults } from './read-results.js';

/** What `echoline bench compare A B` was asked for. */
export interface CompareOptions {
  /** Files or folders of results: the first is what the second is measured against. */
  readonly before: string;
  readonly after: string;
  /** e.g. `p99>1.1`; see `parseFailCondition`. */
  readonly failIf: readonly string[];
  readonly isForced: boolean;
  /** One JSON object as the last line instead of a table. */
  readonly isJson: boolean;
}

/**
 * Prints how the second result relates to the first.
 *
 * @returns 1 when a condition is met, else 0
 * @throws EcholineError ECHOLINE_BENCH_RESULT, ECHOLINE_BENCH_NOT_COMPARABLE, ECHOLINE_CONFIG_USAGE
 */
export async function runCompare(
  options: CompareOptions,
  context: CommandContext,
): Promise<number> {
  const conditions = options.failIf.map(parseFailCondition);
  const [a, b] = [readResults(options.before), readResults(options.after)];
  const comparison = compareResults(a, b, options.isForced);
  for (const objection of comparison.objections) context.err(`--force: ${objection}`);
  const verdicts = conditions.map((condition) => verdictOf(condition, comparison.rows));
  if (options.isJson) {
    await context.out(
      JSON.stringify({ ...comparison, rows: comparison.rows.map(plain), verdicts }),
    );
  } else {
    for (const line of comparisonLines(comparison)) await context.out(line);
    for (const { condition, met } of verdicts) {
      await context.out(
        `${condition}: ${met.length === 0 ? 'not met' : `met by ${met.join('; ')}`}`,
      );
    }
  }
  return verdicts.some(({ met }) => met.length > 0) ? EXIT_FAILURE : EXIT_OK;
}

function plain({ metric, ...row }: ComparedRow) {
  return { ...row, metric: metric.name, unit: metric.unit, isMoreBetter: metric.isMoreBetter };
}

function verdictOf(condition: FailCondition, rows: readonly ComparedRow[]) {
  if (!condition.isDecidedBy(rows)) {
    const message = `--fail-if ${condition.text}: no load in both results has such a ratio.`;
    throw new EcholineError('ECHOLINE_BENCH_RESULT', message);
  }
  return { condition: condition.text, met: condition.metBy(rows).map(nameOf) };
}

function nameOf({ suite, target, conditions, metric }: ComparedRow): string {
  return `${suite}, ${target}, ${conditions}: ${metric.name}`;
}

/** The comparison as lines: one a number, grouped by load. */
function comparisonLines({ rows }: Comparison): readonly string[] {
  const lines: string[] = [];
  let load = '';
  for (const row of rows) {
    const { suite, target, conditions } = row;
    const name = `${suite}, ${target}, ${conditions}`;
    if (name !== load) lines.push(name);
    load = name;
    lines.push(`  ${rowWords(row)}`);
  }
  lines.push(
    'Second over first: Hodges–Lehmann ratio with an interval of at least 95 % by rank (Moses).',
  );
  return lines;
}

function rowWords({ metric, repeats, medians, ratio }: ComparedRow): string {
  const value = (at: number) => numberWords(metric.unit === 'bytes' ? at / 1_048_576 : at);
  const unit = metric.unit === 'bytes' ? 'MiB' : metric.unit;
  const values = `${value(medians[0])} → ${value(medians[1])} ${unit}`;
  const start = `${metric.name.padEnd(10)} ${values.padEnd(28)}`;
  if (ratio === null) return `${start} no ratio (${repeats[0]} and ${repeats[1]} repeats)`;
  const { low, high } = ratio;
  const isSure = low > 1 || high < 1;
  const isBetter = ratio.ratio > 1 === metric.isMoreBetter;
  const verdict = isSure ? (isBetter ? 'better' : 'worse') : 'no difference shown';
  const range = `[${numberWords(low)}, ${numberWords(high)}]`;
  return `${start} × ${numberWords(ratio.ratio)} ${range} ${verdict}`;
}

function numberWords(value: number): string {
  return String(Number(value.toPrecision(3)));
}
