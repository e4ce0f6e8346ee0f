import { accessSync, constants, mkdirSync } from 'node:fs';
import { recordInto } from '../../clips/recorder.js';
import { describeLoaded } from '../../config/describe.js';
import type { Config } from '../../config/schema.js';
import { EcholineError } from '../../domain/errors.js';
import { createServer } from '../../server/server.js';
import { createFrameTracer, type FrameTracer } from '../../telemetry/frame-tracer.js';
import { createLogger, type Logger } from '../../telemetry/logger.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_OK,
  NO_OPERANDS,
} from '../command.js';
import { CONFIG_FLAGS, loadConfigFrom } from '../config-flags.js';
import { reportPage } from '../report/html/report-page.js';
import { liveReport } from '../report/live-report.js';

/** `echoline serve`: the service. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'run the service: frames in over WebSocket, overlays out',
  operands: NO_OPERANDS,
  flags: [
    ...CONFIG_FLAGS,
    {
      name: 'print-config',
      kind: 'switch',
      placeholder: '',
      description: 'print every value and where it came from, then exit',
    },
  ],
  notes: [
    'Prints one JSON line {"event":"ready","url":...} when it accepts connections; logs go to',
    'stderr. SIGINT or SIGTERM ends it in order, a second one at once. docs/configuration.md',
    'describes every key. Not a medical device.',
  ],
  run: runServe,
};

async function runServe(args: Arguments, context: CommandContext): Promise<number> {
  const loaded = loadConfigFrom(args, context);
  const { config } = loaded;
  if (args.has('print-config')) {
    for (const line of describeLoaded(loaded)) await context.out(line);
    return EXIT_OK;
  }
  if (config.record !== '') prepareRecordings(config.record);
  const log = createLogger(config.logLevel);
  const openRecording =
    config.record === ''
      ? null
      : recordInto(config.record, {
          now: () => new Date(),
          onProblem: (problem) => log.warn({ problem }, 'recording'),
        });
  const tracer = openTracer(config, log);
  const onJourney = tracer === null ? null : tracer.take;
  const server = createServer(config, {
    openRecording,
    onJourney,
    log,
    reportProcedure: (archived) => reportPage(liveReport(archived), []),
  });
  const stopped = new Promise<void>((resolve) => {
    if (context.stop.aborted) resolve();
    context.stop.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    const started = await Promise.race([server.start(), stopped]);
    if (started !== undefined) {
      await context.out(JSON.stringify({ event: 'ready', url: started.url }));
      await stopped;
    }
  } finally {
    await server.close();
    tracer?.close();
  }
  return EXIT_OK;
}

/** Later a disk that refuses costs the recording only; at the start it is a wrong configuration. */
function prepareRecordings(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EcholineError(
      'ECHOLINE_CONFIG_INVALID',
      `record: expected a folder that can be written to: ${reason}.`,
    );
  }
}

function openTracer(config: Config, log: Logger): FrameTracer | null {
  if (config.trace === '') return null;
  try {
    return createFrameTracer(config.trace, {
      every: config.traceEvery,
      onProblem: (problem) => log.warn({ problem }, 'trace'),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EcholineError(
      'ECHOLINE_CONFIG_INVALID',
      `trace: expected a file that can be written: ${reason}.`,
    );
  }
}
