import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tests leave pictures and figures for people to look at; git ignores it. */
const DIRECTORY = new URL('../../artifacts/', import.meta.url).pathname;

/** Writes a file for people to look at, and gives its path. */
export function writeArtifact(name: string, content: Uint8Array | string): string {
  const path = join(DIRECTORY, name);
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(path, content);
  return path;
}
