import { basename } from 'node:path';
import type { Clip, ClipFrame } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import { type Frame, NO_EXTENSIONS } from '../domain/frame.js';
import { type ClipOptions, timeAtRateUs } from './clip-options.js';
import { splitMhaHeader } from './mha-header.js';
import { readMhaPixels } from './mha-pixels.js';
import { type MhaFrameInfo, type MhaSequence, readMhaSequence } from './mha-sequence.js';
import { readClipFile } from './read-clip-file.js';

/** A MetaImage clip together with what its header says beyond frames. */
export interface MhaClip extends Clip {
  readonly sequence: MhaSequence;
}

/**
 * Opens a MetaImage file: a PLUS sequence (`.igs.mha`) or a single 2D image.
 *
 * Frames that PLUS marked as having no image are left out. A single image needs no timestamp. The
 * pixels are read at once, so lying lengths are told before anything is streamed.
 *
 * @throws EcholineError ECHOLINE_CLIP_HEADER, ECHOLINE_CLIP_DATA, ECHOLINE_CLIP_EMPTY,
 *   ECHOLINE_CLIP_LIMIT; ECHOLINE_CLIP_TIMESTAMPS when `fps` is null and timestamps are missing or
 *   do not rise
 */
export async function openMha(path: string, options: ClipOptions): Promise<MhaClip> {
  return mhaClip(basename(path), await readClipFile(path), options);
}

/** The same from bytes in memory; `name` is for messages and displays. */
export async function mhaClip(
  name: string,
  file: Uint8Array,
  options: ClipOptions,
): Promise<MhaClip> {
  const header = splitMhaHeader(file);
  const sequence = readMhaSequence(header);
  const shown = sequence.frames.filter((frame) => frame.hasImage);
  if (shown.length === 0) {
    throw new EcholineError('ECHOLINE_CLIP_EMPTY', `${name}: no frame has ImageStatus OK.`);
  }
  const timesUs = captureTimesUs(name, shown, options.fps);
  const pixels = await readMhaPixels(file, header, sequence);

  async function* frames(): AsyncGenerator<ClipFrame> {
    for (const [position, info] of shown.entries()) {
      const frame = frameOf(sequence, info, position, timesUs[position] ?? 0, pixels);
      yield { frame, truth: null, file: null };
    }
  }
  return {
    name,
    frameCount: shown.length,
    widthPx: sequence.widthPx,
    heightPx: sequence.heightPx,
    isSimulated: false,
    sequence,
    frames,
  };
}

function frameOf(
  sequence: MhaSequence,
  info: MhaFrameInfo,
  frameId: number,
  captureTimeUs: number,
  pixels: Uint8Array,
): Frame {
  const { widthPx, heightPx } = sequence;
  const frameBytes = widthPx * heightPx;
  return {
    epoch: 0,
    frameId,
    captureTimeUs,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: true },
    format: 'gray8',
    probeGeometry: 'unknown',
    orientation: sequence.orientation,
    widthPx,
    heightPx,
    strideBytes: widthPx,
    spacing: sequence.spacing,
    extensions: { ...NO_EXTENSIONS, probePose: imagePose(info) },
    payload: pixels.subarray(info.index * frameBytes, (info.index + 1) * frameBytes),
  };
}

/** Pose of the image plane where the clip is calibrated and tracked; never the bare probe's. */
function imagePose(info: MhaFrameInfo): readonly number[] | null {
  for (const name of ['ImageToReference', 'ImageToTracker']) {
    const transform = info.transforms.get(name);
    if (transform?.isValid === true) return transform.matrix;
  }
  return null;
}

function captureTimesUs(
  name: string,
  frames: readonly MhaFrameInfo[],
  fps: number | null,
): readonly number[] {
  if (fps !== null) return frames.map((_, index) => timeAtRateUs(index, fps));
  if (frames.length === 1) return [frames[0]?.timestampUs ?? 0];
  let previousUs = Number.NEGATIVE_INFINITY;
  return frames.map(({ timestampUs, index }) => {
    if (timestampUs === null || timestampUs <= previousUs) {
      const what = timestampUs === null ? 'has no timestamp' : 'is not later than the one before';
      throw new EcholineError(
        'ECHOLINE_CLIP_TIMESTAMPS',
        `${name}: frame ${index} ${what}. Give the frame rate with --fps.`,
        { frame: index },
      );
    }
    previousUs = timestampUs;
    return timestampUs;
  });
}
