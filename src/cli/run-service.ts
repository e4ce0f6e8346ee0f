import { accessSync, constants, mkdirSync } from 'node:fs';
import { recordInto } from '../clips/recorder.js';
import type { Config } from '../config/schema.js';
import { EcholineError } from '../domain/errors.js';
import type { Engines } from '../server/engines.js';
import { createServer } from '../server/server.js';
import { createFrameTracer, type FrameTracer } from '../telemetry/frame-tracer.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import type { CommandContext } from './command.js';
import { reportPage } from './report/html/report-page.js';
import { liveReport } from './report/live-report.js';

/**
 * Runs the service until it is told to stop: prints the ready line once it accepts connections.
 *
 * @param engines - already starting
 * @throws EcholineError ECHOLINE_CONFIG_*, and why the engines did not come up
 */
export async function runService(
  config: Config,
  engines: Engines,
  context: Pick<CommandContext, 'out' | 'stop'>,
): Promise<void> {
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
    engines,
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
