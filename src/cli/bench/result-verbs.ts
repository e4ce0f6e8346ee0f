import { dirname, join } from 'node:path';
import type { Arguments, CommandContext, Flag } from '../command.js';
import { EXIT_FAILURE, EXIT_OK } from '../command.js';
import { usageError } from '../parse-arguments.js';
import { readResults } from './compare/read-results.js';
import { runCompare } from './compare/run-compare.js';
import { benchPage } from './html/bench-page.js';
import { mergeResults } from './merge-results.js';
import { tableLines } from './table-lines.js';
import { resultName, writeWhole } from './write-result.js';

/** Flags of what is done with results instead of measuring. */
export const RESULT_FLAGS: readonly Flag[] = [
  {
    name: 'fail-if',
    kind: 'list',
    placeholder: 'CONDITION',
    description: "compare: exit with 1 when e.g. 'p99>1.1' (B over A) or, surely, 'p99.low>1.1'",
  },
  {
    name: 'force',
    kind: 'switch',
    placeholder: '',
    description: 'compare: also results of another machine, model, mode or meaning',
  },
  {
    name: 'html',
    kind: 'text',
    placeholder: 'FILE',
    description: 'report: where the page goes (default: beside the first result)',
  },
];

/**
 * `compare A B`, `merge RESULT…` and `report RESULT…`, instead of a clip. A clip of such a name is
 * `./compare`.
 *
 * @returns null where the operands are none of these
 * @throws EcholineError ECHOLINE_CONFIG_USAGE, ECHOLINE_BENCH_*
 */
export async function runResultVerb(
  args: Arguments,
  context: CommandContext,
): Promise<number | null> {
  const [verb, ...paths] = args.operands;
  if (verb === 'compare') {
    const [before, after, ...more] = paths;
    if (before === undefined || after === undefined || more.length > 0) {
      throw usageError('bench', `expected compare A B, two results; got ${paths.length}.`);
    }
    const failIf = args.list('fail-if');
    const [isForced, isJson] = [args.has('force'), args.has('json')];
    return runCompare({ before, after, failIf, isForced, isJson }, context);
  }
  if (verb === 'merge') return runMerge(paths, args, context);
  if (verb !== 'report') return null;
  const [first] = paths;
  if (first === undefined) throw usageError('bench', 'expected report RESULT…, got none.');
  const page = benchPage(paths.flatMap((path) => readResults(path).results));
  const file = args.text('html') ?? `${first.replace(/(\.json|\/)$/, '')}.html`;
  writeWhole(file, page);
  context.err(`Report: ${file}`);
  return EXIT_OK;
}

/** Writes the parts of one run as one result with its page, and prints its table. */
async function runMerge(
  paths: readonly string[],
  args: Arguments,
  context: CommandContext,
): Promise<number> {
  const [first] = paths;
  if (first === undefined) throw usageError('bench', 'expected merge RESULT…, got none.');
  const merged = mergeResults(paths.flatMap((path) => readResults(path).results));
  const directory = args.text('results') ?? dirname(first);
  const file = join(directory, resultName(merged.startedAt, `${merged.mode}-merged`));
  writeWhole(file, `${JSON.stringify(merged, null, 1)}\n`);
  writeWhole(file.replace(/json$/, 'html'), benchPage([merged]));
  for (const line of tableLines(merged.rows)) await context.out(line);
  context.err(`Results: ${file}, and the same as .html`);
  for (const reason of merged.invalidBecause) context.err(`Must not be quoted: ${reason}`);
  return merged.invalidBecause.length > 0 ? EXIT_FAILURE : EXIT_OK;
}
