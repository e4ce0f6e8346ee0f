import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { Clip } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import { CLIP_FILE, RECORDING_FORMAT } from './recording-format.js';
import { RecordingWriter } from './recording-writer.js';

/**
 * Writes any clip as an Echoline clip folder, with its ground truth where it has it.
 *
 * @param onFrame - told the number of frames written so far
 * @param stop - ends the clip with what is written
 * @returns the number of frames written
 * @throws EcholineError ECHOLINE_CLIP_DATA when the folder already holds a clip, or the disk
 *   refuses
 */
export async function writeClip(
  directory: string,
  clip: Clip,
  onFrame: (count: number) => void,
  stop?: AbortSignal,
): Promise<number> {
  if (existsSync(join(directory, CLIP_FILE))) {
    throw new EcholineError(
      'ECHOLINE_CLIP_DATA',
      `${directory} already holds a clip. Give another folder or remove this one.`,
    );
  }
  const problems: Error[] = [];
  const writer = new RecordingWriter(
    directory,
    {
      format: RECORDING_FORMAT,
      name: clip.name,
      isSimulated: clip.isSimulated,
      startedAt: null,
    },
    (problem) => problems.push(problem),
  );
  let count = 0;
  try {
    for await (const { frame, truth } of clip.frames()) {
      writer.frame(frame, null, truth);
      await writer.drained();
      onFrame(++count);
      // Simulated frames come without any waiting: a signal is heard only in a turn of the loop.
      await turnOfEventLoop();
      if (stop?.aborted === true) break;
    }
  } finally {
    await writer.close();
  }
  const [problem] = problems;
  if (problem === undefined) return count;
  throw new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${directory} could not be written: ${problem.message}.`,
    {},
    { cause: problem },
  );
}
