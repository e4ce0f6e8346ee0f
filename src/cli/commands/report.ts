import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecordedFrames } from '../../clips/echoline-recording.js';
import { EcholineError } from '../../domain/errors.js';
import { frameKey } from '../../domain/frame.js';
import { type Arguments, type Command, type CommandContext, EXIT_OK } from '../command.js';
import { keyFrameKeys, reportPage } from '../report/html/report-page.js';
import { type ProcedureReport, readProcedureReport } from '../report/procedure-report.js';

const PAGE_FILE = 'report.html';

/** `echoline report`: what happened in a recording, for people and for programs. */
export const reportCommand: Command = {
  name: 'report',
  summary: 'tell what happened in a recording: figures, timeline and key frames on one page',
  operands: { placeholder: 'DIR', min: 1, max: 1 },
  flags: [
    {
      name: 'html',
      kind: 'text',
      placeholder: 'FILE',
      description: `where the page goes (DIR/${PAGE_FILE})`,
    },
    {
      name: 'json',
      kind: 'switch',
      placeholder: '',
      description: 'one JSON object as the last line of stdout',
    },
  ],
  notes: [
    'DIR is a folder that serve or demo wrote with --record. The page holds pictures of the',
    'patient: it belongs where the recording does. Not a medical device.',
  ],
  run: runReport,
};

async function runReport(args: Arguments, context: CommandContext): Promise<number> {
  const [directory = ''] = args.operands;
  const report = await readProcedureReport(directory);
  const path = args.text('html') ?? join(directory, PAGE_FILE);
  const keys = keyFrameKeys(report);
  const frames = await readRecordedFrames(directory, (frame) => keys.has(frameKey(frame)));
  await write(path, await reportPage(report, frames));
  context.err(`${path}: written`);
  if (args.has('json')) await context.out(JSON.stringify(report.summary));
  else for (const line of lines(report)) await context.out(line);
  return EXIT_OK;
}

async function write(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const message = `--html: expected a file that can be written: ${words}.`;
    throw new EcholineError('ECHOLINE_CONFIG_USAGE', message, {}, { cause });
  }
}

function lines({ summary, sections }: ProcedureReport): readonly string[] {
  const { recording, notice } = summary;
  return [
    `${recording.name}: ${recording.overlays} frames${recording.isSimulated ? ', simulated' : ''}`,
    ...sections.map(({ procedure, metrics }) => {
      const side = procedure?.side ?? 'side not confirmed';
      const what = procedure === null ? 'no procedure' : `${procedure.protocol.title}, ${side}`;
      const share = metrics.tipVisibleShare;
      return (
        `${what}: ${metrics.passes ?? '–'} passes, ${metrics.redirections ?? '–'} redirections, ` +
        `tip seen ${share === null ? '–' : `${Math.round(100 * share)} %`} of the time`
      );
    }),
    notice,
  ];
}
