import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const TIMEOUT_MS = 10_000;

/**
 * Path of the first of several programs that is on the PATH.
 *
 * @throws Error when there is none
 */
export function findExecutable(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  for (const name of names) {
    for (const directory of (env.PATH ?? '').split(delimiter)) {
      const path = join(directory, name);
      if (directory !== '' && isExecutable(path)) return path;
    }
  }
  throw new Error(`none of ${names.join(', ')} is on the PATH`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/**
 * First line that a program prints.
 *
 * @throws Error with the program's own last line when it fails or is not there
 */
export function firstLineOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout.split('\n')[0] ?? '');
        return;
      }
      const isMissing = 'code' in error && error.code === 'ENOENT';
      const words = stderr.trim().split('\n').at(-1) ?? error.message;
      reject(new Error(isMissing ? `${program} is not on the PATH` : words));
    });
  });
}
