import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchResult, SUITES, type SuiteName } from './result.js';
import { resultName, writeWhole } from './write-result.js';

/** What a run leaves that is interrupted: a result of the suites that had ended. */
export interface PartResult {
  /** Writes what there is so far, whole, over what there was. */
  write(result: BenchResult): void;
  /** The run's own result is there: nothing of this stays. */
  discard(): void;
  /** Where it is and how to go on; null where no suite has ended. */
  words(): string | null;
}

/** @param wanted - the suites of the run; null as `directory` = nothing is kept */
export function createPartResult(
  directory: string | null,
  wanted: readonly SuiteName[],
): PartResult {
  let path: string | null = null;
  let last: BenchResult | null = null;
  return {
    write(result) {
      if (directory === null) return;
      path = join(directory, resultName(result.startedAt, `${result.mode}-part`));
      writeWhole(path, `${JSON.stringify(result, null, 1)}\n`);
      last = result;
    },
    discard() {
      if (path !== null) rmSync(path, { force: true });
      path = null;
    },
    words() {
      if (path === null || last === null) return null;
      const { mode, suites } = last;
      const has = (name: SuiteName) => suites.some(({ suite }) => suite === name);
      // `cost` measures nothing: it follows when parts are merged.
      const rest = SUITES.filter((name) => wanted.includes(name) && name !== 'cost' && !has(name));
      const flag = mode === 'quick' ? ' --quick' : '';
      return (
        `Kept: ${path} has ${suites.map(({ suite }) => suite).join(', ')}. For the rest: ` +
        `echoline bench${flag} --suite ${rest.join(',')}, then echoline bench merge with both.`
      );
    },
  };
}
