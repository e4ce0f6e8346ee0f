import { readFile, stat } from 'node:fs/promises';
import { EcholineError } from '../domain/errors.js';
import { CLIP_BYTES_MAX } from './clip-limits.js';

/**
 * Reads a whole clip file into memory, once its size is known to be bearable.
 *
 * @throws EcholineError ECHOLINE_CLIP_LIMIT above CLIP_BYTES_MAX
 */
export async function readClipFile(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > CLIP_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `${path} has ${size} bytes, at most ${CLIP_BYTES_MAX} are read.`,
      { sizeBytes: size },
    );
  }
  return readFile(path);
}
