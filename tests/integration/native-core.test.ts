import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const NATIVE = new URL('../../native/', import.meta.url).pathname;
/** Compiling under two sanitizers takes half a minute on a busy machine. */
const TIMEOUT_MS = 600_000;

function has(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Why the core's tests cannot be built here; null when they can. */
function obstacle(): string | null {
  if (!existsSync(`${NATIVE}/Makefile`)) return 'no native sources';
  if (process.platform === 'win32') return 'not on Windows';
  if (!has('make')) return 'no make';
  return has(process.env.CXX ?? 'c++') ? null : 'no C++ compiler';
}

const reason = obstacle();

describe.skipIf(reason !== null)(`the native core (${reason ?? 'with a compiler'})`, () => {
  it(
    'passes its own tests under AddressSanitizer and UBSan, for each set of instructions',
    () => {
      const made = spawnSync('make', ['--jobs=2', 'test'], { cwd: NATIVE, encoding: 'utf8' });
      expect(`${made.stdout}\n${made.stderr}`).toMatch(/core tests \(baseline.*: 0 failures/);
      expect(made.status).toBe(0);
    },
    TIMEOUT_MS,
  );
});
