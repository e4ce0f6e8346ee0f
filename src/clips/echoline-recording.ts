import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Clip, ClipFrame } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import type { Frame, FrameIdentity } from '../domain/frame.js';
import type { GroundTruth } from '../domain/ground-truth.js';
import { IMAGE_FILE_BYTES_MAX } from './clip-limits.js';
import { type ClipOptions, timeAtRateUs } from './clip-options.js';
import { checkedJson, readJsonLines, readTextIfPresent } from './json-lines.js';
import {
  CLIP_FILE,
  type ClipInfo,
  ClipInfoSchema,
  FRAMES_FILE,
  type FrameLine,
  FrameLineSchema,
  LABELS_FILE,
  PAYLOADS_FILE,
  TRUTH_FILE,
  type TruthLine,
  TruthLineSchema,
} from './recording-format.js';

const inflateBytes = promisify(inflate);

/**
 * Opens an Echoline clip folder, with or without ground truth, also one whose recorder died: it
 * then ends with the last complete frame.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA naming the file and the line, ECHOLINE_CLIP_EMPTY
 *   without a complete frame, ECHOLINE_CLIP_LIMIT for a payload above 64 MiB
 */
export async function openRecording(directory: string, options: ClipOptions): Promise<Clip> {
  const info = await readClipInfo(directory);
  const lines = await completeLines(directory);
  const [first] = lines;
  if (first === undefined) {
    throw new EcholineError('ECHOLINE_CLIP_EMPTY', `${directory} holds no complete frame.`);
  }
  const truthLines = await readJsonLines(join(directory, TRUTH_FILE), TruthLineSchema);
  const truthAt = new Map(truthLines.map((line) => [line.position, line]));

  async function* frames(): AsyncGenerator<ClipFrame> {
    const payloads = await open(join(directory, PAYLOADS_FILE));
    const labels = truthAt.size > 0 ? await open(join(directory, LABELS_FILE)) : null;
    try {
      for (const [position, line] of lines.entries()) {
        const frame = await readFrame(payloads, line, position, options.fps);
        const truthLine = truthAt.get(position);
        const truth =
          labels === null || truthLine === undefined ? null : await readTruth(labels, truthLine);
        yield { frame, truth, file: null };
      }
    } finally {
      await payloads.close();
      await labels?.close();
    }
  }
  return {
    name: info.name,
    frameCount: lines.length,
    widthPx: first.frame.widthPx,
    heightPx: first.frame.heightPx,
    isSimulated: info.isSimulated,
    frames,
  };
}

/**
 * Some frames of a clip folder, in their order; the others are not read.
 *
 * @throws EcholineError as `openRecording`
 */
export async function readRecordedFrames(
  directory: string,
  isWanted: (frame: FrameIdentity) => boolean,
): Promise<readonly Frame[]> {
  const lines = await completeLines(directory);
  const wanted = [...lines.entries()].filter(([, line]) => isWanted(line.frame));
  if (wanted.length === 0) return [];
  const payloads = await open(join(directory, PAYLOADS_FILE));
  try {
    const frames: Frame[] = [];
    for (const [position, line] of wanted) {
      frames.push(await readFrame(payloads, line, position, null));
    }
    return frames;
  } finally {
    await payloads.close();
  }
}

/** What `clip.json` says of a clip folder; the errors as `openRecording`. */
export async function readClipInfo(directory: string): Promise<ClipInfo> {
  const text = await readTextIfPresent(join(directory, CLIP_FILE));
  return checkedJson(text ?? '', ClipInfoSchema, `${basename(directory)}/${CLIP_FILE}`);
}

/** Frame lines whose payload is complete; only lines at the end may lack theirs. */
async function completeLines(directory: string): Promise<readonly FrameLine[]> {
  const lines = await readJsonLines(join(directory, FRAMES_FILE), FrameLineSchema);
  if (lines.length === 0) return [];
  const sizeBytes = await sizeOf(join(directory, PAYLOADS_FILE));
  const isComplete = ({ payload }: FrameLine) =>
    payload.offsetBytes + payload.lengthBytes <= sizeBytes;
  const count = lines.findIndex((line) => !isComplete(line));
  if (count < 0) return lines;
  if (lines.slice(count).some(isComplete)) {
    throw new EcholineError(
      'ECHOLINE_CLIP_DATA',
      `${FRAMES_FILE} line ${count + 1}: its payload would end behind the ${sizeBytes} bytes of ` +
        `${PAYLOADS_FILE}, though later ones do not.`,
      { line: count + 1, sizeBytes },
    );
  }
  return lines.slice(0, count);
}

async function sizeOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

async function readFrame(
  payloads: FileHandle,
  line: FrameLine,
  position: number,
  fps: number | null,
): Promise<Frame> {
  const payload = await readExtent(payloads, line.payload, PAYLOADS_FILE);
  const captureTimeUs = fps === null ? line.frame.captureTimeUs : timeAtRateUs(position, fps);
  return { ...line.frame, captureTimeUs, payload };
}

async function readTruth(labels: FileHandle, line: TruthLine): Promise<GroundTruth> {
  const { position, labels: map, ...rest } = line;
  const { widthPx, heightPx, classes } = map;
  const packed = await readExtent(labels, map.data, LABELS_FILE);
  const pixels = widthPx * heightPx;
  let data: Uint8Array;
  try {
    data = await inflateBytes(packed, { maxOutputLength: pixels });
  } catch (cause) {
    throw labelsError(position, cause);
  }
  if (data.length !== pixels) throw labelsError(position);
  return { ...rest, labels: { widthPx, heightPx, classes, data } };
}

function labelsError(position: number, cause?: unknown): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${LABELS_FILE}: the label map of frame ${position} does not have the size that its line says.`,
    { position },
    { cause },
  );
}

async function readExtent(
  file: FileHandle,
  extent: { readonly offsetBytes: number; readonly lengthBytes: number },
  name: string,
): Promise<Buffer> {
  const { offsetBytes, lengthBytes } = extent;
  if (lengthBytes > IMAGE_FILE_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `${name}: ${lengthBytes} bytes from byte ${offsetBytes}, at most ${IMAGE_FILE_BYTES_MAX} ` +
        'are read at a time.',
      { offsetBytes, lengthBytes },
    );
  }
  const buffer = Buffer.alloc(lengthBytes);
  const { bytesRead } = await file.read(buffer, 0, lengthBytes, offsetBytes);
  if (bytesRead === lengthBytes) return buffer;
  throw new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${name}: expected ${lengthBytes} bytes from byte ${offsetBytes}, found ${bytesRead}.`,
    { offsetBytes, lengthBytes, bytesRead },
  );
}
