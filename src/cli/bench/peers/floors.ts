import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EcholineError } from '../../../domain/errors.js';
import { ORT_VARIABLES } from '../../../pipeline/infer/import-ort.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { latencyFiguresOf } from '../latency-figures.js';
import type { LatencyFigures } from '../load-figures.js';

const FOLDER = join(PACKAGE_ROOT, 'bench', 'peers', 'floors');
/** Room for what a program prints about a hundred thousand runs. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** The parts that no service can do without, measured by themselves. */
export interface Floors {
  /**
   * `run()` of the network alone in a process of its own: every 1/`pacedHz` seconds, or back to
   * back where that is null. CPU is that of the runs, not of the waiting between them.
   *
   * @throws EcholineError ECHOLINE_SESSION_UNREACHABLE with the program's last words
   */
  rawRun(options: {
    readonly pacedHz: number | null;
    readonly runs: number;
    readonly intraOpThreads: number;
    readonly modelDirectory: string;
    readonly precision: 'int8' | 'fp32';
  }): Promise<{ readonly latencyMs: LatencyFigures; readonly cpuSecondsPerRun: number }>;
  /**
   * A bare `ws` server in another process that sends each message back: from when a message was due
   * to its answer. Half an interval later as many bytes go to it that are answered with a text.
   *
   * @throws EcholineError ECHOLINE_SESSION_UNREACHABLE with the program's last words
   */
  wsEcho(options: {
    /** The same bytes as the frames. */
    readonly messageBytes: number;
    readonly fps: number;
    readonly messages: number;
    /** Of the text: what an overlay has. */
    readonly answerBytes: number;
  }): Promise<{ readonly same: LatencyFigures; readonly short: LatencyFigures }>;
}

/** The floors that are measured by the programs in `bench/peers/floors`. */
export const FLOORS: Floors = {
  async rawRun({ pacedHz, runs, intraOpThreads, modelDirectory, precision }) {
    const printed = await runFloor('raw-run.mjs', [
      ...['--model', modelDirectory],
      ...['--precision', precision],
      ...['--threads', String(intraOpThreads)],
      ...['--runs', String(runs)],
      ...(pacedHz === null ? [] : ['--hz', String(pacedHz)]),
    ]);
    return {
      latencyMs: figuresOf('raw-run.mjs', printed.latenciesUs),
      cpuSecondsPerRun: (printed.cpuSeconds ?? Number.NaN) / runs,
    };
  },
  async wsEcho({ messageBytes, fps, messages, answerBytes }) {
    const printed = await runFloor('ws-echo.mjs', [
      ...['--bytes', String(messageBytes)],
      ...['--fps', String(fps)],
      ...['--messages', String(messages)],
      ...['--answer', String(answerBytes)],
    ]);
    return {
      same: figuresOf('ws-echo.mjs', printed.latenciesUs),
      short: figuresOf('ws-echo.mjs', printed.shortLatenciesUs ?? []),
    };
  },
};

interface Printed {
  readonly latenciesUs: readonly number[];
  readonly cpuSeconds?: number;
  readonly shortLatenciesUs?: readonly number[];
}

async function runFloor(program: string, args: readonly string[]): Promise<Printed> {
  try {
    const path = join(FOLDER, program);
    const env = { ...process.env, ...ORT_VARIABLES };
    const options = { maxBuffer: OUTPUT_BYTES_MAX, env };
    const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], options);
    return JSON.parse(stdout) as Printed;
  } catch (cause) {
    throw floorError(program, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function figuresOf(program: string, latenciesUs: readonly number[]): LatencyFigures {
  const figures = latencyFiguresOf(latenciesUs);
  if (figures === null) throw floorError(program, 'it measured nothing', null);
  return figures;
}

function floorError(program: string, words: string, cause: unknown): EcholineError {
  const message = `bench/peers/floors/${program} could not measure its floor: ${words.trim()}`;
  return new EcholineError('ECHOLINE_SESSION_UNREACHABLE', message, { program }, { cause });
}
