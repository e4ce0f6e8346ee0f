import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import type {
  OpenRecording,
  RecordedEvent,
  RecordedVerdict,
  RecordingSink,
} from '../domain/recording.js';
import {
  type ClipInfo,
  EVENTS_FILE,
  OVERLAYS_FILE,
  RECORDING_FORMAT,
  VERDICTS_FILE,
} from './recording-format.js';
import { RecordingWriter } from './recording-writer.js';

/** Bytes that may wait for a slow disk before frames are left out: 8 s of 512 × 512 at 30/s. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;

/** What a recorder needs from outside. */
export interface RecorderOptions {
  /** Wall clock, for the folder's name. */
  readonly now: () => Date;
  /** Told once per problem: the disk refused something, frames were left out. */
  readonly onProblem: (message: string) => void;
  /** For tests; the default is 64 MiB. */
  readonly pendingBytesMax?: number;
}

/**
 * Makes the function that opens one clip folder per stream and cart connection under `directory`,
 * e.g. `recordings/theatre-1-20261124T093000Z`. Where no folder can be made, that is told and the
 * stream goes on without a recording.
 */
export function recordInto(directory: string, options: RecorderOptions): OpenRecording {
  return (stream, isSimulated) => {
    const startedAt = options.now();
    const folder = freeFolder(directory, stream, startedAt);
    const info: ClipInfo = {
      format: RECORDING_FORMAT,
      name: stream.slice(0, 200),
      isSimulated,
      startedAt: startedAt.toISOString(),
    };
    const tell = (problem: unknown) =>
      options.onProblem(
        `Recording ${folder}: ${problem instanceof Error ? problem.message : String(problem)}`,
      );
    try {
      return sinkOn(new RecordingWriter(folder, info, tell), options);
    } catch (error) {
      tell(error);
      return NO_RECORDING;
    }
  };
}

const NO_RECORDING: RecordingSink = {
  frame: () => undefined,
  overlay: () => undefined,
  verdict: () => undefined,
  event: () => undefined,
  close: () => Promise.resolve(),
};

function sinkOn(writer: RecordingWriter, options: RecorderOptions): RecordingSink {
  const pendingBytesMax = options.pendingBytesMax ?? PENDING_BYTES_MAX;
  let framesLeftOut = 0;
  let firstLeftOutAtUs = 0;

  /** Says how many frames are missing, once the disk keeps up again or the recording ends. */
  function tellLeftOut(): void {
    if (framesLeftOut === 0) return;
    const details = { frames: framesLeftOut };
    writer.line(EVENTS_FILE, { kind: 'frames-left-out', atUs: firstLeftOutAtUs, details });
    options.onProblem(`Recording ${writer.directory}: ${framesLeftOut} frames were left out.`);
    framesLeftOut = 0;
  }

  return {
    frame(frame: Frame, receivedAtUs: number): void {
      if (writer.pendingBytes + frame.payload.length > pendingBytesMax) {
        if (framesLeftOut === 0) firstLeftOutAtUs = receivedAtUs;
        framesLeftOut += 1;
        return;
      }
      tellLeftOut();
      writer.frame(frame, receivedAtUs, null);
    },
    overlay: (overlay: Overlay) => writer.line(OVERLAYS_FILE, overlay),
    verdict: (verdict: RecordedVerdict) => writer.line(VERDICTS_FILE, verdict),
    event: (event: RecordedEvent) => writer.line(EVENTS_FILE, event),
    close(): Promise<void> {
      tellLeftOut();
      return writer.close();
    },
  };
}

/** A folder that does not exist yet; a stream's name never leads out of `directory`. */
function freeFolder(directory: string, stream: string, startedAt: Date): string {
  const safe = stream.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'stream';
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const base = join(directory, `${safe}-${time}`);
  let folder = base;
  for (let count = 2; existsSync(folder); count++) folder = `${base}-${count}`;
  return folder;
}
