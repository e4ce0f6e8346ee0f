import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tests leave pictures and figures for people to look at; git ignores it. */
const DIRECTORY = new URL('../../artifacts/', import.meta.url).pathname;

/** Pictures that the documentation may show; written only when somebody asks for it. */
const IMAGES = new URL('../../docs/images/', import.meta.url).pathname;

/**
 * Writes a picture of a main state, with `npm test -- --update` into `docs/images/` too: whoever
 * asks for that looks at each of them.
 */
export function writePicture(name: string, content: Uint8Array): void {
  writeArtifact(name, content);
  if (process.env.ECHOLINE_UPDATE_IMAGES === '1') writeFileSync(join(IMAGES, name), content);
}

/** Writes a file for people to look at, and gives its path. */
export function writeArtifact(name: string, content: Uint8Array | string): string {
  const path = join(DIRECTORY, name);
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(path, content);
  return path;
}
