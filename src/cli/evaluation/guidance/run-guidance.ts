import { join } from 'node:path';
import { readProtocolLibrary } from '../../../session/procedure/protocol-library.js';
import { type Arguments, type CommandContext, EXIT_OK } from '../../command.js';
import { openPipeline, precisionOf } from '../../open-pipeline.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { usageError } from '../../parse-arguments.js';
import { evaluationConditions, NOT_A_DEVICE, STOPPED_EARLY } from '../evaluation-report.js';
import {
  type Detector,
  GUIDANCE_FPS,
  GUIDANCE_PROCEDURES,
  GUIDANCE_SIDE_PX,
  playProcedures,
} from './guidance-suite.js';
import { type GuidanceRow, guidanceRows, verdictOf } from './guidance-table.js';

/** The name of the suite. */
export const GUIDANCE_SUITE = 'guidance';

/**
 * `echoline eval --suite guidance`: scripted procedures through pipeline and procedure.
 *
 * @param limits - from `--clips` and `--frames`; null = all
 * @throws EcholineError ECHOLINE_CONFIG_USAGE, ECHOLINE_MODEL_*
 */
export async function runGuidance(
  args: Arguments,
  context: CommandContext,
  limits: { readonly clips: number | null; readonly frames: number | null },
): Promise<number> {
  const detector = detectorOf(args);
  const startedAt = new Date();
  const pipeline = await openPipeline(args.text('model'), precisionOf(args, 'eval'));
  try {
    const played = await playProcedures({
      pipeline,
      library: readProtocolLibrary(join(PACKAGE_ROOT, 'protocols')),
      detector,
      procedures: limits.clips ?? GUIDANCE_PROCEDURES,
      frames: limits.frames,
      onFrame: (frames) => {
        context.progress(`${GUIDANCE_SUITE}: ${frames} frames`);
        if (!context.isTerminal && frames % 500 === 0) context.err(`${frames} frames`);
      },
      stop: context.stop,
    });
    context.progress('');
    const frames = played.reduce((sum, one) => sum + one.frames, 0);
    const report = {
      suite: GUIDANCE_SUITE,
      detector,
      model: pipeline.model,
      conditions: evaluationConditions(
        startedAt,
        { draws: 0, seed: 0 },
        {
          isComplete: !context.stop.aborted,
          precision: `${pipeline.selected.precision}: ${pipeline.selected.reason}`,
          hasRealData: false,
        },
      ),
      procedures: played.length,
      frames,
      events: played.reduce((sum, one) => sum + one.eventCount, 0),
      minutes: Number((frames / GUIDANCE_FPS / 60).toFixed(1)),
      widthPx: GUIDANCE_SIDE_PX,
      frameRateHz: GUIDANCE_FPS,
      rows: guidanceRows(played).map((row) => ({ ...row, verdict: verdictOf(row) })),
    };
    if (args.has('json')) await context.out(JSON.stringify(report));
    else for (const line of linesOf(report)) await context.out(line);
  } finally {
    await pipeline.close();
  }
  return EXIT_OK;
}

function detectorOf(args: Arguments): Detector {
  const text = args.text('detector') ?? 'network';
  if (text === 'network' || text === 'oracle') return text;
  throw usageError('eval', `expected --detector network|oracle, got "${text}".`);
}

interface Printed {
  readonly detector: Detector;
  readonly procedures: number;
  readonly frames: number;
  readonly events: number;
  readonly minutes: number;
  readonly conditions: { readonly isComplete: boolean; readonly machine: string };
  readonly rows: readonly (GuidanceRow & { readonly verdict: string })[];
}

function linesOf(report: Printed): readonly string[] {
  const { procedures, frames, events, minutes, conditions, detector } = report;
  const cells = report.rows.map((row) => [
    row.metric,
    figure(row.value, row.unit),
    limits(row.reach, row.unit),
    limits(row.stretch, row.unit),
    row.verdict,
    row.from,
  ]);
  const head = ['metric', 'figure', 'reach', 'stretch', '', 'made from'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)),
  );
  const text = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    `guidance, detector ${detector}: ${procedures} scripted procedures of the phantom, ${events} ` +
      `events, ${minutes} minutes (${frames} frames, ${GUIDANCE_SIDE_PX} × ${GUIDANCE_SIDE_PX}, ` +
      `${GUIDANCE_FPS} fps), ${conditions.machine}`,
    ...[head, ...cells].map(text),
    ...(conditions.isComplete ? [] : [STOPPED_EARLY]),
    NOT_A_DEVICE,
  ];
}

function figure(value: number | null, unit: string): string {
  if (value === null) return '–';
  return Number.isFinite(value) ? `${Number(value.toFixed(3))} ${unit}` : 'never';
}

function limits({ low, high }: GuidanceRow['reach'], unit: string): string {
  if (!Number.isFinite(low)) return `≤ ${high} ${unit}`;
  return Number.isFinite(high) ? `${low} to ${high} ${unit}` : `≥ ${low} ${unit}`;
}
