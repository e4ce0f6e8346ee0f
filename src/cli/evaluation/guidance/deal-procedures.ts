import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EcholineError } from '../../../domain/errors.js';
import type { PrecisionChoice } from '../../../domain/model-manifest.js';
import type { PlayedModel, PlayOrder, PlayReport } from './play-messages.js';
import type { PlayedProcedure } from './played-procedure.js';

export interface DealOptions {
  readonly open: Omit<Extract<PlayOrder, { readonly kind: 'open' }>, 'kind'>;
  readonly seeds: readonly number[];
  /** Processes that play. */
  readonly workers: number;
  readonly onFrames: (frames: number) => void;
  readonly onPlayed: (procedures: number) => void;
  readonly stop: AbortSignal;
}

/** What was played, and by what. */
export interface Dealt {
  /** null where it was stopped before a player was ready. */
  readonly played: PlayedModel | null;
  /** In the order of the seeds, whoever played them. */
  readonly procedures: readonly PlayedProcedure[];
}

/**
 * Deals procedures out to processes, each of which gets the next one when it is done with the last.
 * A procedure depends on its seed alone, so the result does not depend on how many there are.
 *
 * @throws EcholineError ECHOLINE_MODEL_*
 */
export async function dealProcedures(options: DealOptions): Promise<Dealt> {
  const { seeds, workers, open } = options;
  const left = [...seeds];
  const procedures: PlayedProcedure[] = [];
  let played: PlayedModel | null = null;
  let done = 0;
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const runs: Promise<void>[] = [];
  const start = (precision: PrecisionChoice): void => {
    const run = runPlayer(stop, { ...open, precision }, (report) => {
      if (report.kind === 'ready' && played === null) {
        played = report;
        // The others compute with what the first one has chosen.
        const count = Math.min(workers, seeds.length);
        for (let other = 1; other < count; other++) start(report.selected.precision);
      }
      if (report.kind === 'frames') options.onFrames(report.frames);
      if (report.kind === 'played') {
        procedures.push(...report.procedures);
        options.onPlayed(++done);
      }
      return report.kind === 'frames' ? null : { seed: left.shift() ?? null };
    });
    runs.push(run);
    run.catch(() => failed.abort());
  };
  start(open.precision);
  // Grows while the first one starts.
  for (let run = 0; run < runs.length; run++) await runs[run];
  return { played, procedures: procedures.sort((a, b) => a.seed - b.seed) };
}

/**
 * One process, until there is nothing left for it or `stop` ends it.
 *
 * @param onReport - what to play next, `seed` null for nothing; null where it need not be told
 */
function runPlayer(
  stop: AbortSignal,
  open: DealOptions['open'],
  onReport: (report: PlayReport) => { readonly seed: number | null } | null,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./play-worker.js', import.meta.url));
    const child = fork(script, [], { serialization: 'advanced' });
    let end: { readonly error: Error | null } | null = null;
    const give = (order: PlayOrder): void => {
      child.send(order);
    };
    const onStop = () => child.kill();
    stop.addEventListener('abort', onStop);
    child.on('message', (report: PlayReport) => {
      if (report.kind === 'failed') {
        end = { error: new EcholineError(report.code, report.message, report.details) };
        child.disconnect();
        return;
      }
      const next = onReport(report);
      if (next === null) return;
      if (next.seed !== null) {
        give({ kind: 'play', seed: next.seed });
        return;
      }
      end = { error: null };
      child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      stop.removeEventListener('abort', onStop);
      if (end?.error) reject(end.error);
      else if (end !== null || stop.aborted) resolve();
      else reject(new Error(`A player of procedures ended early (${signal ?? code}).`));
    });
    if (stop.aborted) onStop();
    else give({ kind: 'open', ...open });
  });
}
