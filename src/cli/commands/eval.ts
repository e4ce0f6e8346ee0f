import { existsSync } from 'node:fs';
import { STILLS_FPS } from '../../clips/clip-options.js';
import { openClip } from '../../clips/open-clip.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import { type Arguments, type Command, type CommandContext, EXIT_OK } from '../command.js';
import { type EvaluationMode, evaluate } from '../evaluation/evaluate.js';
import type { EvaluationSequence } from '../evaluation/evaluation-frame.js';
import { foreignSequence } from '../evaluation/foreign-images.js';
import { readPalette } from '../evaluation/palette.js';
import { readPoints } from '../evaluation/points.js';
import { reportLines, type SuiteReport, TABLE_NOTES } from '../evaluation/report.js';
import { SUITES, type Suite, type SuiteOptions } from '../evaluation/suites.js';
import { MODEL_FLAG, openPipeline, PRECISION_FLAG, precisionOf } from '../open-pipeline.js';
import { usageError } from '../parse-arguments.js';

const SUITE_NAMES = [...SUITES.map((suite) => suite.name), 'all'].join('|');

/** `echoline eval`: how good the model is, on sets with known truth. */
export const evalCommand: Command = {
  name: 'eval',
  summary: 'score the model on a suite with known truth, or on images of your own',
  operands: { placeholder: '', min: 0, max: 0 },
  flags: [
    { name: 'suite', kind: 'text', placeholder: 'NAME', description: SUITE_NAMES },
    {
      name: 'data',
      kind: 'text',
      placeholder: 'DIR',
      description: 'licensed real data, for the suites that need it',
    },
    { name: 'images', kind: 'text', placeholder: 'DIR', description: 'images of your own' },
    {
      name: 'masks',
      kind: 'text',
      placeholder: 'DIR',
      description: 'their masks, of the same name and size; needs --palette',
    },
    {
      name: 'palette',
      kind: 'text',
      placeholder: 'FILE',
      description: 'JSON {"1": "nerve", "#ff0000": "vessel"}: what mask values or colours mean',
    },
    {
      name: 'points',
      kind: 'text',
      placeholder: 'CSV',
      description: 'their tips: file,xPx,yPx,visible',
    },
    {
      name: 'stills',
      kind: 'switch',
      placeholder: '',
      description: 'only each frame for itself; the default is also through the tracker',
    },
    { name: 'clips', kind: 'number', placeholder: 'N', description: 'fewer clips of a suite' },
    { name: 'frames', kind: 'number', placeholder: 'N', description: 'fewer frames of a clip' },
    {
      name: 'json',
      kind: 'switch',
      placeholder: '',
      description: 'one JSON object as the last line of stdout',
    },
    MODEL_FLAG,
    PRECISION_FLAG,
  ],
  notes: ['A suite without its data here prints "skipped: no data".'],
  run: runEval,
};

interface Job {
  readonly name: string;
  readonly description: string;
  /** null = no data. */
  readonly sequences: AsyncIterable<EvaluationSequence> | Iterable<EvaluationSequence> | null;
}

async function runEval(args: Arguments, context: CommandContext): Promise<number> {
  const jobs = args.text('images') === null ? suiteJobs(args) : [await imagesJob(args)];
  const pipeline = await openPipeline(args.text('model'), precisionOf(args, 'eval'));
  const modes: readonly EvaluationMode[] = args.has('stills') ? ['stills'] : ['tracked', 'stills'];
  const reports: SuiteReport[] = [];
  try {
    for (const job of jobs) {
      if (context.stop.aborted) break;
      const report = await runJob(job, pipeline, modes, context);
      reports.push(report);
      if (!args.has('json')) for (const line of reportLines(report)) await context.out(line);
    }
  } finally {
    context.progress('');
    await pipeline.close();
  }
  if (args.has('json')) {
    await context.out(JSON.stringify({ model: pipeline.model, suites: reports }));
  } else {
    for (const line of TABLE_NOTES) await context.out(line);
  }
  return EXIT_OK;
}

async function runJob(
  { name, description, sequences }: Job,
  pipeline: Pipeline,
  modes: readonly EvaluationMode[],
  context: CommandContext,
): Promise<SuiteReport> {
  if (sequences === null) {
    context.err(`${name}: skipped: no data`);
    return { suite: name, description, skipped: 'no data' };
  }
  if (!context.isTerminal) context.err(`${name}: started`);
  const onFrame = (frames: number) => {
    context.progress(`${name}: ${frames} frames`);
    if (!context.isTerminal && frames % 200 === 0) context.err(`${name}: ${frames} frames`);
  };
  const results = await evaluate(pipeline, sequences, modes, onFrame, context.stop);
  return { suite: name, description, results };
}

function suiteJobs(args: Arguments): readonly Job[] {
  const name = args.text('suite');
  if (name === null) {
    throw usageError('eval', `expected --suite ${SUITE_NAMES} or --images DIR.`);
  }
  for (const flag of ['masks', 'palette', 'points'] as const) {
    if (args.text(flag) !== null) throw usageError('eval', `--${flag} needs --images DIR.`);
  }
  const wanted = SUITES.filter((suite: Suite) => name === 'all' || suite.name === name);
  if (wanted.length === 0) {
    throw usageError('eval', `expected --suite ${SUITE_NAMES}, got "${name}".`);
  }
  const options: SuiteOptions = {
    dataDirectory: args.text('data'),
    clips: wholeNumber(args, 'clips'),
    framesPerClip: wholeNumber(args, 'frames'),
  };
  return wanted.map((suite) => ({
    name: suite.name,
    description: suite.description,
    sequences: suite.open(options),
  }));
}

async function imagesJob(args: Arguments): Promise<Job> {
  const images = args.text('images') ?? '';
  const masks = args.text('masks');
  const palette = args.text('palette');
  const points = args.text('points');
  if (args.text('suite') !== null) throw usageError('eval', 'give --suite or --images, not both.');
  if ((masks === null) !== (palette === null)) {
    throw usageError('eval', '--masks DIR and --palette FILE need each other.');
  }
  for (const path of [masks, palette, points]) {
    if (path !== null && !existsSync(path)) throw usageError('eval', `${path} does not exist.`);
  }
  const clip = await openClip(images, { fps: STILLS_FPS });
  const sequence = foreignSequence(clip, {
    masks:
      masks === null || palette === null
        ? null
        : { directory: masks, palette: readPalette(palette) },
    points: points === null ? null : readPoints(points),
  });
  return { name: 'images', description: images, sequences: [sequence] };
}

function wholeNumber(args: Arguments, name: string): number | null {
  const value = args.number(name);
  if (value === null || (Number.isInteger(value) && value >= 1)) return value;
  throw usageError('eval', `expected a whole number above 0 for --${name}, got ${value}.`);
}
