import type { LoadFigures } from './load-figures.js';
import { type LostTime, readLostTime } from './machine.js';
import { readTreeUse } from './process-tree.js';
import type { Target } from './target.js';

/** What the driver sees of a target and the machine while a load is measured. */
export type WatchFigures = Pick<
  LoadFigures,
  | 'targetCpuSecondsPerFrame'
  | 'targetMemoryBytesMax'
  | 'targetEventLoopDelayMs'
  | 'stolenSeconds'
  | 'throttledSeconds'
>;

/** Watches one target from `begin` to `end`. */
export interface TargetWatch {
  begin(): void;
  end(): void;
  /** @param framesOk - frames that the target answered `ok` meanwhile */
  figures(framesOk: number): Promise<WatchFigures>;
  close(): void;
}

/** Interval at which memory is looked at, ms. */
const MEMORY_INTERVAL_MS = 250;
/** A peer may leave the question unanswered: it has no metrics, and no time for it, ms. */
const METRICS_TIMEOUT_MS = 1000;
/** What prom-client adds to each delay: its own sampling interval, ms. */
const DELAY_RESOLUTION_MS = 10;

/** A watch that has not begun. */
export function watchTarget({ processId, url }: Target): TargetWatch {
  let from: { readonly cpuSeconds: number; readonly lost: LostTime } | null = null;
  let cpuSeconds: number | null = null;
  let lost: LostTime = { stolenSeconds: null, throttledSeconds: null };
  let memoryBytesMax: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const use = processId === null ? null : readTreeUse(processId);
    if (use !== null) memoryBytesMax = Math.max(memoryBytesMax ?? 0, use.memoryBytes);
    return use;
  };
  return {
    begin() {
      from = { cpuSeconds: look()?.cpuSeconds ?? Number.NaN, lost: readLostTime() };
      timer = setInterval(look, MEMORY_INTERVAL_MS);
      // Resets what the target's own histogram of delays has seen before.
      void readEventLoopDelay(url);
    },
    end() {
      clearInterval(timer);
      const use = look();
      if (from === null) return;
      const usedSeconds = (use?.cpuSeconds ?? Number.NaN) - from.cpuSeconds;
      cpuSeconds = Number.isNaN(usedSeconds) ? null : usedSeconds;
      const now = readLostTime();
      lost = {
        stolenSeconds: minus(now.stolenSeconds, from.lost.stolenSeconds),
        throttledSeconds: minus(now.throttledSeconds, from.lost.throttledSeconds),
      };
    },
    async figures(framesOk) {
      return {
        targetCpuSecondsPerFrame:
          cpuSeconds === null || framesOk === 0 ? null : cpuSeconds / framesOk,
        targetMemoryBytesMax: memoryBytesMax,
        targetEventLoopDelayMs: await readEventLoopDelay(url),
        ...lost,
      };
    },
    close: () => clearInterval(timer),
  };
}

function minus(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** What a target says of its own event loop on `/metrics`; null when it does not. */
async function readEventLoopDelay(url: string): Promise<LoadFigures['targetEventLoopDelayMs']> {
  const signal = AbortSignal.timeout(METRICS_TIMEOUT_MS);
  const text = await fetch(new URL('/metrics', url), { signal })
    .then((response) => (response.ok ? response.text() : ''))
    .catch(() => '');
  const ms = (name: string) => {
    const [, seconds] =
      new RegExp(`^nodejs_eventloop_lag_${name}_seconds ([\\d.e+-]+)`, 'm').exec(text) ?? [];
    if (seconds === undefined) return null;
    return Math.max(0, Number(seconds) * 1000 - DELAY_RESOLUTION_MS);
  };
  const [p50, p99, max] = [ms('p50'), ms('p99'), ms('max')];
  return p50 === null || p99 === null || max === null ? null : { p50, p99, max };
}
