import { EcholineError } from '../../domain/errors.js';
import { differencesIn } from './compare/compare-results.js';
import { figureTable } from './figure-table.js';
import { meaningOfAll } from './meaning.js';
import { type BenchResult, SUITES, type SuiteName, type SuiteResult } from './result.js';
import { costOf } from './suites/cost.js';

/**
 * One result of several that measured different suites of one run, e.g. over a day's quiet hours.
 * Where several have a suite the one that ended last counts, whole; `cost` is computed anew where
 * all that it reads is there.
 *
 * @param parts - not empty
 * @throws EcholineError ECHOLINE_BENCH_NOT_COMPARABLE where they are of another machine, model,
 *   mode or commit
 */
export function mergeResults(parts: readonly BenchResult[]): BenchResult {
  const different = [...differencesIn(parts), ...commitsOf(parts)];
  if (different.length > 0) {
    const message = `These results are not parts of one run: ${different.join('; ')}.`;
    throw new EcholineError('ECHOLINE_BENCH_NOT_COMPARABLE', message);
  }
  const byEnd = parts.toSorted((a, b) => a.endedAt.localeCompare(b.endedAt));
  const [first, last] = [byEnd[0], byEnd.at(-1)];
  if (first === undefined || last === undefined) {
    throw new EcholineError('ECHOLINE_BENCH_RESULT', 'Expected results to merge, got none.');
  }
  const found = new Map(byEnd.flatMap(({ suites }) => suites.map((one) => [one.suite, one])));
  addCost(found);
  const suites = SUITES.flatMap((name) => found.get(name) ?? []);
  return {
    ...last,
    ...resultOf(suites, last.mode),
    startedAt: first.startedAt,
    machine: { ...last.machine, loadBefore: first.machine.loadBefore },
  };
}

/** What follows from the suites: the table where all are there, one meaning, all objections. */
export function resultOf(
  suites: readonly SuiteResult[],
  mode: BenchResult['mode'],
): Pick<BenchResult, 'suites' | 'rows' | 'meaning' | 'invalidBecause'> {
  const isWhole = SUITES.every((name) => suites.some(({ suite }) => suite === name));
  return {
    suites,
    rows: isWhole ? figureTable(suites, mode) : [],
    meaning: meaningOfAll(suites.map(({ meaning }) => meaning)),
    invalidBecause: suites.flatMap(({ suite, invalidBecause }) =>
      invalidBecause.map((reason) => `${suite}: ${reason}`),
    ),
  };
}

function addCost(found: Map<SuiteResult['suite'], SuiteResult>): void {
  const of = (name: SuiteName) => found.get(name);
  const [pixels, streams, displays] = [of('end-to-end'), of('streams'), of('displays')];
  if (pixels === undefined || streams === undefined || displays === undefined) return;
  found.set('cost', { suite: 'cost', ...costOf({ pixels, streams, displays }), seconds: 0 });
}

function commitsOf(parts: readonly BenchResult[]): readonly string[] {
  const commits = [...new Set(parts.map(({ commit }) => commit?.sha ?? 'unknown'))];
  return commits.length < 2 ? [] : [`they differ in their commit (${commits.join('; ')})`];
}
