import { availableParallelism, loadavg } from 'node:os';
import { type Arguments, type CommandContext, EXIT_OK } from '../../command.js';
import { precisionOf } from '../../open-pipeline.js';
import { usageError } from '../../parse-arguments.js';
import { BOOTSTRAP_DEFAULTS } from '../bootstrap.js';
import { evaluationConditions } from '../evaluation-report.js';
import { type DealOptions, type Dealt, dealProcedures } from './deal-procedures.js';
import { outlineErrors } from './fitted-outlines.js';
import { guidanceLines } from './guidance-lines.js';
import { verdictOf } from './guidance-row.js';
import { guidanceRows } from './guidance-table.js';
import {
  type Detector,
  GUIDANCE_FPS,
  GUIDANCE_PROCEDURES,
  GUIDANCE_SIDE_PX,
} from './played-procedure.js';

/** The name of the suite. */
export const GUIDANCE_SUITE = 'guidance';

/** What the command line says about the suite; null = as it is by itself. */
export interface GuidanceLimits {
  readonly clips: number | null;
  readonly frames: number | null;
  readonly draws: number | null;
  readonly workers: number | null;
  readonly firstSeed: number | null;
}

/**
 * `echoline eval --suite guidance`: scripted procedures through pipeline and procedure.
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE, ECHOLINE_MODEL_*
 */
export async function runGuidance(
  args: Arguments,
  context: CommandContext,
  { clips, frames, draws, workers, firstSeed }: GuidanceLimits,
): Promise<number> {
  const detectors = detectorsOf(args);
  const startedAt = new Date();
  const loadBefore = loadavg()[0] ?? 0;
  const count = clips ?? GUIDANCE_PROCEDURES;
  const seeds = Array.from({ length: count }, (_, index) => (firstSeed ?? 1) + index);
  const open = {
    modelDirectory: args.text('model'),
    precision: precisionOf(args, 'eval'),
    detectors,
    frames,
  };
  const dealt = await dealProcedures({
    open,
    seeds,
    workers: workers ?? availableParallelism(),
    ...progressOf(context, count),
    stop: context.stop,
  });
  context.progress('');
  const bootstrap = { ...BOOTSTRAP_DEFAULTS, ...(draws !== null && { draws }) };
  const selected = dealt.played?.selected;
  const report = {
    suite: GUIDANCE_SUITE,
    model: dealt.played?.model ?? null,
    conditions: {
      ...evaluationConditions(startedAt, bootstrap, {
        isComplete: !context.stop.aborted,
        precision: selected === undefined ? '' : `${selected.precision}: ${selected.reason}`,
        hasRealData: false,
      }),
      loadAverage: { before: loadBefore, after: loadavg()[0] ?? 0 },
    },
    firstSeed: firstSeed ?? 1,
    ...totalsOf(dealt, detectors),
    widthPx: GUIDANCE_SIDE_PX,
    frameRateHz: GUIDANCE_FPS,
    results: detectors.map((detector) => {
      const own = dealt.procedures.filter((one) => one.detector === detector);
      const rows = guidanceRows(own, bootstrap);
      return {
        detector,
        rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
        outlines: outlineErrors(own.flatMap(({ bounds }) => bounds)),
      };
    }),
  };
  if (args.has('json')) await context.out(JSON.stringify(report));
  else for (const line of guidanceLines(report)) await context.out(line);
  return EXIT_OK;
}

function totalsOf({ procedures }: Dealt, [first]: readonly Detector[]) {
  const once = procedures.filter(({ detector }) => detector === first);
  const frames = once.reduce((sum, one) => sum + one.frames, 0);
  return {
    procedures: once.length,
    frames,
    events: once.reduce((sum, one) => sum + one.eventCount, 0),
    minutes: Number((frames / GUIDANCE_FPS / 60).toFixed(1)),
  };
}

/** Frames in place on a terminal; elsewhere a line for each tenth procedure. */
function progressOf(
  context: CommandContext,
  procedures: number,
): Pick<DealOptions, 'onFrames' | 'onPlayed'> {
  let frames = 0;
  let played = 0;
  const line = (): string =>
    `${GUIDANCE_SUITE}: ${played} of ${procedures} procedures, ${frames} frames`;
  return {
    onFrames: (more) => {
      frames += more;
      context.progress(line());
    },
    onPlayed: (count) => {
      played = count;
      if (!context.isTerminal && count % 10 === 0) context.err(line());
    },
  };
}

function detectorsOf(args: Arguments): readonly Detector[] {
  const text = args.text('detector') ?? 'network';
  if (text === 'both') return ['network', 'oracle'];
  if (text === 'network' || text === 'oracle') return [text];
  throw usageError('eval', `expected --detector network|oracle|both, got "${text}".`);
}
