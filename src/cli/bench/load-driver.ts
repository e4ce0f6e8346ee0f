import { type ChildProcess, fork } from 'node:child_process';
import { EcholineError } from '../../domain/errors.js';
import type { GeneratorReply, StartGenerator } from './generator/generator-messages.js';
import { phantomClip } from './load-clip.js';
import type { FrameRecord, LoadFigures } from './load-figures.js';
import type { LoadPlan } from './load-plan.js';
import type { Target } from './target.js';
import { watchTarget } from './target-watch.js';

/** What a load showed. */
export interface LoadResult {
  readonly figures: LoadFigures;
  /** In the order of frames; empty unless the plan keeps them. */
  readonly records: readonly FrameRecord[];
}

/** Lateness of the generator itself, p99, above which a load says nothing about its target, ms. */
const SEND_LATENESS_MAX_MS = 1;
/** Share of the measured time that may be stolen or throttled without a word, and how much, s. */
const LOST_SHARE_MAX = 0.01;
const LOST_SECONDS_MIN = 0.05;

/**
 * Loads a target from a process of its own and waits for what becomes of it.
 *
 * @throws EcholineError (rejects) ECHOLINE_CLIP_*; ECHOLINE_SESSION_ENDED when the target dies in
 *   mid-run or `stop` is aborted; ECHOLINE_SESSION_UNREACHABLE, or what else the service said
 */
export async function runLoad(
  target: Target,
  plan: LoadPlan,
  stop: AbortSignal,
): Promise<LoadResult> {
  const frames = plan.clip.kind === 'phantom' ? await phantomClip(plan.clip) : null;
  const watch = watchTarget(target);
  const child = startGenerator();
  try {
    const start: StartGenerator = { kind: 'start', url: target.url, plan, frames };
    const done = await converse(child, start, stop, watch);
    const figures = {
      ...done.figures,
      ...(await watch.figures(done.figures.verdicts.ok)),
      invalidBecause: [],
    };
    return {
      figures: { ...figures, invalidBecause: whyInvalid(figures, plan) },
      records: done.records,
    };
  } finally {
    watch.close();
    child.kill('SIGKILL');
  }
}

/** Why figures must not be used, in words; empty = they may. */
export function whyInvalid(figures: LoadFigures, plan: Pick<LoadPlan, 'pace'>): readonly string[] {
  const reasons: string[] = [];
  const { p99 } = figures.sendLatenessMs;
  if (plan.pace === 'open' && p99 > SEND_LATENESS_MAX_MS) {
    reasons.push(
      `the generator itself sent late: p99 ${p99.toFixed(2)} ms, allowed ` +
        `${SEND_LATENESS_MAX_MS} ms (priority: ${figures.generatorPriority}). ` +
        'Is something else running on this machine?',
    );
  }
  const lostSecondsMax = Math.max(LOST_SECONDS_MIN, LOST_SHARE_MAX * figures.measuredSeconds);
  if ((figures.stolenSeconds ?? 0) > lostSecondsMax) {
    reasons.push(`the host took ${figures.stolenSeconds?.toFixed(2)} s of CPU time (steal)`);
  }
  if ((figures.throttledSeconds ?? 0) > lostSecondsMax) {
    reasons.push(`the cgroup's quota held the CPU back for ${figures.throttledSeconds} s`);
  }
  return reasons;
}

/** A thread that is preferred must not wait for helpers that are not. */
const GENERATOR_FLAGS = ['--single-threaded-gc'];

function startGenerator(): ChildProcess {
  const entry = new URL('./generator/generator-process.js', import.meta.url);
  return fork(entry, [], {
    execArgv: GENERATOR_FLAGS,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function converse(
  child: ChildProcess,
  start: StartGenerator,
  stop: AbortSignal,
  watch: { begin(): void; end(): void },
): Promise<Extract<GeneratorReply, { kind: 'done' }>> {
  return new Promise((resolve, reject) => {
    const ended = (words: string) => reject(new EcholineError('ECHOLINE_SESSION_ENDED', words));
    const onStop = () => ended('Stopped before the load was over.');
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    child.once('exit', () => stop.removeEventListener('abort', onStop));
    child.once('error', (error) => ended(`The load generator could not start: ${error.message}`));
    child.once('exit', (code) => ended(`The load generator ended with exit code ${code}.`));
    child.on('message', (reply: GeneratorReply) => {
      if (reply.kind === 'measuring') watch.begin();
      else if (reply.kind === 'measured') watch.end();
      else if (reply.kind === 'failed') reject(new EcholineError(reply.code, reply.message));
      else resolve(reply);
    });
    child.send(start);
  });
}
