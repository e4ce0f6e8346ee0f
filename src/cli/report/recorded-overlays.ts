import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OVERLAYS_FILE } from '../../clips/recording-format.js';
import { EcholineError, isEcholineError } from '../../domain/errors.js';
import type { Overlay } from '../../domain/overlay.js';
import { parseMessageToDisplay } from '../../protocol/control-codec.js';

/**
 * The overlays of a recording in their order, one at a time: an hour of them is gigabytes. A last
 * line that is not complete was being written when the recorder died and is left out.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA naming the line
 */
export async function* recordedOverlays(directory: string): AsyncGenerator<Overlay> {
  const path = join(directory, OVERLAYS_FILE);
  if (!existsSync(path)) return;
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let waiting: string | null = null;
  let number = 0;
  for await (const line of lines) {
    if (waiting !== null) yield parsed(waiting, number);
    waiting = line;
    number += 1;
  }
  if (waiting !== null && isComplete(waiting)) yield parsed(waiting, number);
}

function isComplete(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function parsed(line: string, number: number): Overlay {
  try {
    const message = parseMessageToDisplay(line);
    if (message?.type === 'overlay') return message;
    throw lineError(number, 'it is no overlay');
  } catch (error) {
    if (isEcholineError(error) && error.code !== 'ECHOLINE_CLIP_DATA') {
      throw lineError(number, error.message);
    }
    throw error;
  }
}

function lineError(line: number, words: string): EcholineError {
  const message = `${OVERLAYS_FILE} line ${line}: ${words}`;
  return new EcholineError('ECHOLINE_CLIP_DATA', message, { line });
}
