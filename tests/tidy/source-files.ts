import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository. */
export const ROOT = new URL('../../', import.meta.url).pathname;

/** A file of the repository, by its path from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Files below a folder of the repository whose names end in one of `endings`, sorted. */
export function filesBelow(folder: string, endings: readonly string[]): readonly SourceFile[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Each line number (from 1) and line of a text that fails a test, as `path:line`. */
export function linesWhere(file: SourceFile, isBad: (line: string) => boolean): readonly string[] {
  return file.text
    .split('\n')
    .flatMap((line, index) => (isBad(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : []));
}
