import { accessSync, constants, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EcholineError } from '../../domain/errors.js';

/**
 * Makes sure before anything is measured that results can be written: nobody wants to learn it
 * after half an hour.
 *
 * @throws EcholineError ECHOLINE_CONFIG_INVALID
 */
export function prepareResults(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw unwritable(directory, error);
  }
}

/**
 * Writes a file completely or not at all: under another name first, then renamed.
 *
 * @throws EcholineError ECHOLINE_CONFIG_INVALID when the disk refuses, e.g. because it is full;
 *   nothing is left behind
 */
export function writeWhole(path: string, text: string): void {
  const unfinished = join(dirname(path), `.unfinished-${process.pid}`);
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw unwritable(path, error);
  }
}

/** e.g. `2026-11-26T14-03-22-full.json`: sorts by time, and is a file name everywhere. */
export function resultName(startedAt: string, mode: string): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '-')}-${mode}.json`;
}

/** Where files beside a result belong: its name with another ending. */
export function besides(directory: string, name: string, ending: string): string {
  return join(directory, name.replace(/\.json$/, ending));
}

function unwritable(path: string, cause: unknown): EcholineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Results: expected to be able to write ${path}: ${reason}.`;
  return new EcholineError('ECHOLINE_CONFIG_INVALID', message, { path }, { cause });
}
