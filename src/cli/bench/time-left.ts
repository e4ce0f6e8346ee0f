import type { BenchMode, SuiteName } from './result.js';
import { plannedSeconds } from './suites/planned-seconds.js';

/** How long a run will still take, by plan. */
export interface TimeLeft {
  /** Of all its suites. */
  readonly plannedSeconds: number;
  begin(suite: SuiteName): void;
  end(suite: SuiteName): void;
  /** From now, s: what is planned for the suites that have not ended, at least 0. */
  read(): number;
}

/** @param nowMs - a clock that never goes back */
export function createTimeLeft(
  suites: readonly SuiteName[],
  mode: Exclude<BenchMode, 'clip'>,
  nowMs: () => number,
): TimeLeft {
  const left = new Map(suites.map((name) => [name, plannedSeconds(name, mode)] as const));
  const begun = new Map<SuiteName, number>();
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  return {
    plannedSeconds: sum(left.values()),
    begin: (suite) => begun.set(suite, nowMs()),
    end: (suite) => left.delete(suite),
    read() {
      const rest = [...left].map(([suite, seconds]) => {
        const sinceMs = nowMs() - (begun.get(suite) ?? nowMs());
        return Math.max(0, seconds - sinceMs / 1000);
      });
      return sum(rest);
    },
  };
}

/** e.g. `4:05`. */
export function minutesWords(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
