import { join } from 'node:path';
import { benchClip } from '../bench/clip-bench.js';
import { clipReport, drawnReport, hgrmText, recordsCsv } from '../bench/clip-report.js';
import { benchPage } from '../bench/html/bench-page.js';
import { createPartResult } from '../bench/part-result.js';
import { type BenchResult, SUITES, type SuiteName } from '../bench/result.js';
import { RESULT_FLAGS, runResultVerb } from '../bench/result-verbs.js';
import { planLines, runSuites } from '../bench/run-suites.js';
import { tableLines } from '../bench/table-lines.js';
import { besides, prepareResults, resultName, writeWhole } from '../bench/write-result.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_FAILURE,
  EXIT_OK,
  type Flag,
} from '../command.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { usageError } from '../parse-arguments.js';

const CLIP_FLAGS: readonly Flag[] = [
  {
    name: 'to',
    kind: 'text',
    placeholder: 'URL',
    description: 'a service that runs already (default: one of our own)',
  },
  { name: 'token', kind: 'text', placeholder: 'TOKEN', description: 'its bearer token' },
  {
    name: 'fps',
    kind: 'number',
    placeholder: 'N',
    description: "frame rate instead of the clip's own timestamps",
  },
  { name: 'loop', kind: 'number', placeholder: 'N', description: 'passes over the clip (1)' },
  {
    name: 'warmup',
    kind: 'number',
    placeholder: 'N',
    description: 'frames at the start that do not count (30, or less for a short clip)',
  },
  {
    name: 'jitter',
    kind: 'number',
    placeholder: 'MS',
    description: 'frames are due up to this much later than the clip says (0)',
  },
  { name: 'seed', kind: 'number', placeholder: 'N', description: 'of the jitter (1)' },
  {
    name: 'display',
    kind: 'text',
    placeholder: 'chromium',
    description: 'also draw in this browser, for the CSV; it needs CPU time of its own',
  },
];

const SUITE_FLAGS: readonly Flag[] = [
  {
    name: 'suite',
    kind: 'list',
    placeholder: 'NAME',
    description: `one of ${SUITES.join(', ')} (default: all)`,
  },
  {
    name: 'quick',
    kind: 'switch',
    placeholder: '',
    description: 'all suites, planned for 4 minutes; figures are indicative',
  },
  {
    name: 'plan',
    kind: 'switch',
    placeholder: '',
    description: 'only says how many minutes each suite is planned for',
  },
  {
    name: 'smoke',
    kind: 'switch',
    placeholder: '',
    description: 'seconds: proves that suites work, figures mean nothing',
  },
];

/** `echoline bench`: how late overlays are, on a clip or in all suites. */
export const benchCommand: Command = {
  name: 'bench',
  summary: 'measure latency, age, throughput and cost, on a clip or in all suites',
  operands: {
    placeholder: '[CLIP | compare A B | merge RESULT… | report RESULT…]',
    min: 0,
    max: 64,
  },
  flags: [
    ...CLIP_FLAGS,
    ...SUITE_FLAGS,
    ...RESULT_FLAGS,
    {
      name: 'results',
      kind: 'text',
      placeholder: 'DIR',
      description: 'where results go (suites: bench/results; CLIP: nowhere by default)',
    },
    { name: 'json', kind: 'switch', placeholder: '', description: 'the result as one JSON line' },
  ],
  notes: [
    'With CLIP: loads a service open loop (frames are due by the clock, never later because an',
    'answer is) and prints what became of them; with --results also one row a frame (.csv) and the',
    'distribution (.hgrm). Without CLIP: the suites, e.g. npm run bench -- --quick.',
    'Exit status 1 when the measurement must not be trusted. docs/benchmarks.md says what each',
    'figure means.',
    'compare: ratios of two results (files, or folders of runs) with at least 5 repeats.',
    'merge: one result of several that ran some suites each (--suite), with the whole table.',
    'report: results as one HTML page, which is also written beside each new result.',
  ],
  run: runBench,
};

async function runBench(args: Arguments, context: CommandContext): Promise<number> {
  const status = await runResultVerb(args, context);
  if (status !== null) return status;
  const [clip, ...more] = args.operands;
  if (more.length > 0) throw usageError('bench', `expected one CLIP, got ${more.length + 1}.`);
  return clip === undefined ? runAll(args, context) : runClip(clip, args, context);
}

async function runClip(path: string, args: Arguments, context: CommandContext): Promise<number> {
  const directory = args.text('results');
  if (directory !== null) prepareResults(directory);
  const { result, load, drawnUncertaintyUs } = await benchClip({
    path,
    to: args.text('to'),
    token: args.text('token'),
    fps: atLeast(args, 'fps', 0.001, null),
    loops: Math.round(atLeast(args, 'loop', 1, 1)),
    warmUpFrames: Math.round(atLeast(args, 'warmup', 0, 30)),
    jitterMs: atLeast(args, 'jitter', 0, 0),
    seed: atLeast(args, 'seed', 0, 1),
    browser: browserOf(args, context),
    stop: context.stop,
  });
  for (const line of clipReport(path, load.figures)) context.err(line);
  if (drawnUncertaintyUs !== null) context.err(drawnReport(load.records, drawnUncertaintyUs));
  if (directory !== null) {
    const name = resultName(result.startedAt, result.mode);
    writeWhole(besides(directory, name, '.csv'), recordsCsv(load.records));
    const { dueToOverlayMs } = load.figures;
    if (dueToOverlayMs !== null) {
      writeWhole(besides(directory, name, '.hgrm'), hgrmText(dueToOverlayMs));
    }
  }
  return finish(result, directory, args, context);
}

async function runAll(args: Arguments, context: CommandContext): Promise<number> {
  const mode = args.has('smoke') ? 'smoke' : args.has('quick') ? 'quick' : 'full';
  const suites = suitesOf(args);
  if (args.has('plan')) {
    for (const line of planLines(suites, mode)) await context.out(line);
    return EXIT_OK;
  }
  const directory = args.text('results') ?? join(PACKAGE_ROOT, 'bench', 'results');
  const isKept = mode !== 'smoke' || args.text('results') !== null;
  if (isKept) prepareResults(directory);
  const part = createPartResult(isKept && mode !== 'smoke' ? directory : null, suites);
  const result = await runSuites({
    mode,
    suites,
    stop: context.stop,
    say: (line) => (context.isTerminal ? context.progress(line) : context.err(line)),
    announce: (line) => context.err(line),
    onSuite: async ({ suite, seconds, meaning }, soFar) => {
      await context.out(`${suite}: ${seconds.toFixed(1)} s, meaning ${meaning}`);
      part.write(await soFar());
    },
  }).catch((error: unknown) => {
    const words = part.words();
    if (words !== null) context.err(words);
    throw error;
  });
  for (const line of tableLines(result.rows)) await context.out(line);
  return finish(result, isKept ? directory : null, args, context, () => part.discard());
}

/** Writes the result whole, says why it must not be trusted, and decides the exit status. */
async function finish(
  result: BenchResult,
  directory: string | null,
  args: Arguments,
  context: CommandContext,
  onWritten = () => {},
): Promise<number> {
  if (directory !== null) {
    const path = join(directory, resultName(result.startedAt, result.mode));
    writeWhole(path, `${JSON.stringify(result, null, 1)}\n`);
    onWritten();
    // May be missing where the disk is full now: echoline bench report makes it again.
    writeWhole(path.replace(/json$/, 'html'), benchPage([result]));
    context.err(`Results: ${path}, and the same as .html`);
  }
  for (const reason of result.invalidBecause) context.err(`Must not be quoted: ${reason}`);
  if (args.has('json')) await context.out(JSON.stringify(result));
  // A smoke run measures nothing, so nothing it measured can be wrong.
  return result.invalidBecause.length > 0 && result.mode !== 'smoke' ? EXIT_FAILURE : EXIT_OK;
}

function browserOf(args: Arguments, { env }: CommandContext) {
  const name = args.text('display');
  if (name === null) return null;
  if (name === 'chromium') return { chromium: env.ECHOLINE_CHROMIUM ?? null };
  throw usageError('bench', `expected --display chromium, got "${name}".`);
}

function suitesOf(args: Arguments): readonly SuiteName[] {
  const names = args.list('suite').flatMap((text) => text.split(','));
  if (names.length === 0) return SUITES;
  return names.map((name) => {
    const known = SUITES.find((one) => one === name);
    if (known !== undefined) return known;
    throw usageError('bench', `expected --suite one of ${SUITES.join(', ')}, got "${name}".`);
  });
}

function atLeast<T extends number | null>(args: Arguments, name: string, min: number, absent: T) {
  const value = args.number(name);
  if (value === null) return absent;
  if (value >= min) return value;
  throw usageError('bench', `expected --${name} of at least ${min}, got ${value}.`);
}
