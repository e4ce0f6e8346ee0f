import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { STILLS_FPS } from '../../clips/clip-options.js';
import { openClip } from '../../clips/open-clip.js';
import { type Arguments, type Command, type CommandContext, EXIT_OK } from '../command.js';
import { BOOTSTRAP_DEFAULTS } from '../evaluation/bootstrap.js';
import {
  type EvaluationReport,
  evaluationConditions,
  STOPPED_EARLY,
} from '../evaluation/evaluation-report.js';
import { foreignSequence } from '../evaluation/foreign-images.js';
import { createFrameGallery } from '../evaluation/frame-gallery.js';
import { GUIDANCE_SUITE, runGuidance } from '../evaluation/guidance/run-guidance.js';
import { writeCardPictures } from '../evaluation/html/card-pictures.js';
import { htmlReport } from '../evaluation/html/html-report.js';
import { readPalette } from '../evaluation/palette.js';
import { readPoints } from '../evaluation/points.js';
import { reachRows } from '../evaluation/reach.js';
import { reachLines, reportLines, TABLE_NOTES } from '../evaluation/report.js';
import { type EvaluationJob, type JobOptions, runJob } from '../evaluation/run-suite.js';
import type { SuiteReport } from '../evaluation/suite-report.js';
import { SUITES, type Suite, type SuiteOptions } from '../evaluation/suites.js';
import { MODEL_FLAG, openPipeline, PRECISION_FLAG, precisionOf } from '../open-pipeline.js';
import { usageError } from '../parse-arguments.js';

const SUITE_NAMES = [...SUITES.map((suite) => suite.name), 'all', GUIDANCE_SUITE].join('|');

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
    {
      name: 'detector',
      kind: 'text',
      placeholder: 'network|oracle|both',
      description: 'guidance only: what reads the frames; oracle = the truth plus noise',
    },
    {
      name: 'workers',
      kind: 'number',
      placeholder: 'N',
      description: 'guidance only: processes that play procedures, default one a processor',
    },
    {
      name: 'first-seed',
      kind: 'number',
      placeholder: 'N',
      description: 'guidance only: other procedures than those that are judged, default 1',
    },
    { name: 'clips', kind: 'number', placeholder: 'N', description: 'fewer clips of a suite' },
    { name: 'frames', kind: 'number', placeholder: 'N', description: 'fewer frames of a clip' },
    {
      name: 'draws',
      kind: 'number',
      placeholder: 'N',
      description: `bootstrap draws behind each interval, default ${BOOTSTRAP_DEFAULTS.draws}`,
    },
    {
      name: 'report',
      kind: 'text',
      placeholder: 'FILE',
      description: 'also one HTML page with tables, diagrams and the best and worst phantom frames',
    },
    {
      name: 'pictures',
      kind: 'text',
      placeholder: 'DIR',
      description: 'also the best and worst phantom frames as good.png and bad.png, for a card',
    },
    {
      name: 'json',
      kind: 'switch',
      placeholder: '',
      description: 'one JSON object as the last line of stdout',
    },
    MODEL_FLAG,
    PRECISION_FLAG,
  ],
  notes: [
    'A suite without its data here prints "skipped: no data".',
    'guidance plays an hour of scripted procedures and is not part of all; --clips N for fewer.',
  ],
  run: runEval,
};

async function runEval(args: Arguments, context: CommandContext): Promise<number> {
  if (args.text('suite') === GUIDANCE_SUITE) {
    return runGuidance(args, context, {
      clips: wholeNumber(args, 'clips'),
      frames: wholeNumber(args, 'frames'),
      draws: wholeNumber(args, 'draws'),
      workers: wholeNumber(args, 'workers'),
      firstSeed: wholeNumber(args, 'first-seed'),
    });
  }
  refuseFlagsOfGuidance(args);
  const jobs = args.text('images') === null ? suiteJobs(args) : [await imagesJob(args)];
  const reportPath = placeOf(args, 'report');
  const picturesPath = placeOf(args, 'pictures');
  const draws = wholeNumber(args, 'draws') ?? BOOTSTRAP_DEFAULTS.draws;
  const bootstrap = { ...BOOTSTRAP_DEFAULTS, draws };
  const modelDirectory = args.text('model');
  const startedAt = new Date();
  const pipeline = await openPipeline(modelDirectory, precisionOf(args, 'eval'));
  const gallery = createFrameGallery();
  const options: JobOptions = {
    pipeline,
    modelDirectory,
    modes: args.has('stills') ? ['stills'] : ['tracked', 'stills'],
    bootstrap,
    onFrame: () => undefined,
    onScored: () => undefined,
    stop: context.stop,
  };
  const reports: SuiteReport[] = [];
  try {
    for (const job of jobs) {
      if (context.stop.aborted) break;
      // Pictures are of the held-out generator, unless another suite was asked for by itself.
      const hasPictures = jobs.length === 1 || job.name === 'heldout';
      const report = await runJob(job, {
        ...options,
        onFrame: progressOf(job.name, context),
        ...(hasPictures && { onScored: (scored) => gallery.add(scored) }),
      });
      if ('skipped' in report) context.err(`${job.name}: skipped: ${report.skipped}`);
      reports.push(report);
      if (!args.has('json')) for (const line of reportLines(report)) await context.out(line);
    }
  } finally {
    context.progress('');
    await pipeline.close();
  }
  const whole: EvaluationReport = {
    model: pipeline.model,
    conditions: evaluationConditions(startedAt, bootstrap, {
      isComplete: !context.stop.aborted,
      precision: `${pipeline.selected.precision}: ${pipeline.selected.reason}`,
      hasRealData: args.text('data') !== null,
    }),
    suites: reports,
    reach: reachRows(reports),
  };
  if (reportPath !== null) {
    await writeFile(reportPath, await htmlReport(whole, gallery.kept()));
    context.err(`report: ${reportPath}`);
  }
  if (picturesPath !== null) {
    const shown = await writeCardPictures(picturesPath, gallery.kept());
    for (const line of shown) context.err(line);
  }
  await print(whole, args.has('json'), context);
  return EXIT_OK;
}

/** @throws EcholineError ECHOLINE_CONFIG_USAGE */
function refuseFlagsOfGuidance(args: Arguments): void {
  const given = {
    detector: args.text('detector'),
    workers: args.number('workers'),
    'first-seed': args.number('first-seed'),
  };
  for (const [flag, value] of Object.entries(given)) {
    if (value !== null) throw usageError('eval', `--${flag} needs --suite guidance.`);
  }
}

async function print(
  report: EvaluationReport,
  isJson: boolean,
  context: CommandContext,
): Promise<void> {
  if (isJson) {
    await context.out(JSON.stringify(report));
    return;
  }
  for (const line of [...reachLines(report.reach), ...TABLE_NOTES]) await context.out(line);
  if (!report.conditions.isComplete) await context.out(STOPPED_EARLY);
}

function progressOf(name: string, context: CommandContext): (frames: number) => void {
  if (!context.isTerminal) context.err(`${name}: started`);
  return (frames) => {
    context.progress(`${name}: ${frames} frames`);
    if (!context.isTerminal && frames % 500 === 0) context.err(`${name}: ${frames} frames`);
  };
}

function suiteJobs(args: Arguments): readonly EvaluationJob[] {
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
    isSimulated: suite.isSimulated,
    kind: suite.kind,
    sequences: suite.open(options),
  }));
}

async function imagesJob(args: Arguments): Promise<EvaluationJob> {
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
  return {
    name: 'images',
    description: images,
    isSimulated: false,
    kind: 'figures',
    sequences: [sequence],
  };
}

/** Checked before the work, not after it: where there is no folder nothing can be written. */
function placeOf(args: Arguments, flag: 'report' | 'pictures'): string | null {
  const path = args.text(flag);
  if (path === null) return null;
  const folder = flag === 'report' ? dirname(path) : path;
  if (existsSync(folder)) return path;
  throw usageError('eval', `--${flag} ${path}: ${folder} does not exist.`);
}

function wholeNumber(args: Arguments, name: string): number | null {
  const value = args.number(name);
  if (value === null || (Number.isInteger(value) && value >= 1)) return value;
  throw usageError('eval', `expected a whole number above 0 for --${name}, got ${value}.`);
}
