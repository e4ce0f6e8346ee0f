import { assert } from '../../domain/assert.js';
import { isEcholineError } from '../../domain/errors.js';
import { describeMachine, readLoad } from './machine.js';
import { resultOf } from './merge-results.js';
import { FLOORS } from './peers/floors.js';
import { PEERS } from './peers/peers.js';
import { readCommit, readIdentity, readVersions } from './provenance.js';
import {
  type BenchMode,
  type BenchResult,
  SUITES,
  type SuiteName,
  type SuiteResult,
} from './result.js';
import { cost } from './suites/cost.js';
import { displays } from './suites/displays.js';
import { endToEnd } from './suites/end-to-end.js';
import { kernels } from './suites/kernels.js';
import { overload } from './suites/overload.js';
import { peers } from './suites/peers.js';
import { pipeline } from './suites/pipeline.js';
import { plannedSeconds } from './suites/planned-seconds.js';
import { soak } from './suites/soak.js';
import { start } from './suites/start.js';
import { streams } from './suites/streams.js';
import { SCALES, type Suite, type SuiteContext, type SuiteFindings } from './suites/suite.js';
import { createTargetPool } from './target-pool.js';
import { createTimeLeft, minutesWords } from './time-left.js';

const BY_NAME: Readonly<Record<SuiteName, Suite>> = {
  kernels,
  pipeline,
  'end-to-end': endToEnd,
  streams,
  displays,
  overload,
  peers,
  start,
  soak,
  cost,
};

/** What a suite reads of others, which run with it. */
const SOURCES: Readonly<Partial<Record<SuiteName, readonly SuiteName[]>>> = {
  peers: ['overload'],
  cost: ['end-to-end', 'streams', 'displays'],
};
/** Starts quickly and needs nothing installed. */
const SMOKE_PEER = 'node';

/** What to run, and who is told how far it is. */
export interface RunOptions {
  readonly mode: Exclude<BenchMode, 'clip'>;
  readonly suites: readonly SuiteName[];
  readonly stop: AbortSignal;
  /** How far it is; a line replaces the one before. */
  readonly say: (line: string) => void;
  /** What is to stay on the screen. */
  readonly announce: (line: string) => void;
  /** A suite has ended; the second one gives the result of all that have. */
  readonly onSuite: (result: SuiteResult, soFar: () => Promise<BenchResult>) => Promise<void>;
}

/**
 * Runs suites in the order of `SUITES`, with those they build upon.
 *
 * @throws EcholineError what a load or a start throws; ECHOLINE_SESSION_ENDED after `stop`
 */
export async function runSuites(options: RunOptions): Promise<BenchResult> {
  const { mode, stop } = options;
  const wanted = withSources(options.suites);
  const left = createTimeLeft(wanted, mode, () => performance.now());
  options.announce(
    `${wanted.length} suites, planned for ${minutesWords(left.plannedSeconds)} on 2 quiet cores`,
  );
  const say = (line: string) => options.say(`${minutesWords(left.read())} left, ${line}`);
  const startedAt = new Date().toISOString();
  const loadBefore = readLoad();
  const targets = createTargetPool(mode === 'smoke', stop);
  const results = new Map<SuiteName, Promise<SuiteResult>>();
  const ended: SuiteResult[] = [];
  const commit = readCommit();
  const resultSoFar = async (): Promise<BenchResult> => {
    const { model, kernels: selected } = await readIdentity((await targets.own(1)).url);
    return {
      schema: 1,
      startedAt,
      endedAt: new Date().toISOString(),
      mode,
      machine: describeMachine(loadBefore),
      commit,
      versions: readVersions(),
      model,
      kernels: selected,
      ...resultOf(ended, mode),
    };
  };
  const context: SuiteContext = {
    mode,
    scale: SCALES[mode],
    stop,
    targets,
    peers: mode === 'smoke' ? PEERS.filter(({ name }) => name === SMOKE_PEER) : PEERS,
    floors: FLOORS,
    say,
    resultOf(name) {
      const ran = async () => {
        left.begin(name);
        const result = await runSuite(name, context, options).finally(() => left.end(name));
        ended.push(result);
        await options.onSuite(result, resultSoFar);
        return result;
      };
      const known = results.get(name) ?? ran();
      results.set(name, known);
      return known;
    },
  };
  try {
    for (const name of SUITES) {
      if (options.suites.includes(name)) await context.resultOf(name);
    }
    return await resultSoFar();
  } finally {
    await targets.close();
  }
}

/** One line a suite with its planned minutes, those it builds upon too, and their sum. */
export function planLines(
  suites: readonly SuiteName[],
  mode: Exclude<BenchMode, 'clip'>,
): readonly string[] {
  const wanted = withSources(suites);
  const seconds = wanted.map((name) => plannedSeconds(name, mode));
  const whole = seconds.reduce((sum, one) => sum + one, 0);
  const line = (name: string, planned = 0) =>
    `${name.padEnd(12)}${minutesWords(planned).padStart(6)}`;
  return [
    ...wanted.map((name, at) => line(name, seconds[at])),
    line('all', whole),
    'minutes on 2 quiet cores',
  ];
}

function withSources(suites: readonly SuiteName[]): readonly SuiteName[] {
  const wanted = new Set(suites.flatMap((name) => [name, ...(SOURCES[name] ?? [])]));
  return SUITES.filter((name) => wanted.has(name));
}

/** A suite that cannot go on costs its rows, never the others'; a smoke run proves that it can. */
function namedFailure(error: unknown, { mode, stop }: RunOptions): SuiteFindings {
  if (!isEcholineError(error) || stop.aborted || mode === 'smoke') throw error;
  const invalidBecause = [`it did not come to its end: ${error.message}`];
  return { measurements: [], figures: [], meaning: '', invalidBecause };
}

async function runSuite(
  name: SuiteName,
  context: SuiteContext,
  options: RunOptions,
): Promise<SuiteResult> {
  const run = BY_NAME[name];
  assert(run !== undefined, `there is a suite ${name}`);
  context.say(`suite ${name}`);
  const fromMs = performance.now();
  const findings = await run(context).catch(async (error: unknown) => {
    const named = namedFailure(error, options);
    // The next suite must not meet what this one has left.
    await context.targets.close();
    return named;
  });
  return { suite: name, ...findings, seconds: (performance.now() - fromMs) / 1000 };
}
