import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EcholineError } from '../../../domain/errors.js';
import type { BenchResult } from '../result.js';
import { isResult, problemOfResult } from './check-result.js';

/** The result in one file, or all results in a folder's `.json` files, by name. */
export interface ResultSet {
  readonly path: string;
  readonly results: readonly BenchResult[];
}

/**
 * Reads results that `echoline bench` has written.
 *
 * @param path - a file, or a folder of files
 * @throws EcholineError ECHOLINE_BENCH_RESULT: missing, not JSON, not a result, an empty folder
 */
export function readResults(path: string): ResultSet {
  const files = filesOf(path);
  if (files.length === 0) throw wrong(path, 'expected .json files in it and found none');
  return { path, results: files.map(readResult) };
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /^[^.].*\.json$/.test(name));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    throw wrong(path, `expected a result or a folder of results: ${messageOf(error)}`);
  }
}

function readResult(file: string): BenchResult {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(file, `expected the JSON of a result: ${messageOf(error)}`);
  }
  if (isResult(value)) return value;
  throw wrong(file, `expected a result of echoline bench; ${problemOfResult(value)}`);
}

function wrong(path: string, words: string): EcholineError {
  return new EcholineError('ECHOLINE_BENCH_RESULT', `${path}: ${words}.`, { path });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
