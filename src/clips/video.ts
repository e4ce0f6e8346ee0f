import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Clip, ClipFrame } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import { type Frame, NO_EXTENSIONS } from '../domain/frame.js';
import { CLIP_BYTES_MAX, FILM_BYTES_MAX } from './clip-limits.js';
import { type ClipOptions, timeAtRateUs } from './clip-options.js';
import { hasChroma, putYcc } from './colour.js';
import { VideoDecoder, type VideoSource } from './video-decoder.js';
import { probeVideo, type VideoContainer, type VideoFacts } from './video-probe.js';
import { INSTALLED_PROGRAMS, type VideoPrograms } from './video-programs.js';

/** How much of its length a film may lack at the end before it counts as cut off. */
const MISSING_SHARE_MAX = 0.05;
const MISSING_MAX_S = 0.5;

/**
 * Opens a film (MP4, MOV, AVI, MKV, WEBM) through ffmpeg, frame by frame; it is never in memory as
 * a whole. Frames are `gray8`. From the first frame on that shows colour they are `rgba8`, so that
 * the engine sees Doppler and abstains. Times are the film's own, from its first frame; the picture
 * is turned as its rotation says. Spacing is unknown, and the picture may carry burned-in text.
 *
 * @throws EcholineError ECHOLINE_CLIP_DECODER_MISSING without ffmpeg, ECHOLINE_CLIP_LIMIT,
 *   ECHOLINE_CLIP_EMPTY, ECHOLINE_CLIP_DATA; while frames are read: ECHOLINE_CLIP_DATA **after**
 *   the frames that could be read, when the film is cut off or damaged, and
 *   ECHOLINE_CLIP_TIMESTAMPS when times do not rise and `fps` is null
 */
export async function openVideo(
  path: string,
  container: VideoContainer,
  options: ClipOptions,
  programs: VideoPrograms = INSTALLED_PROGRAMS,
): Promise<Clip> {
  const { size } = await stat(path);
  if (size > CLIP_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `${path} has ${size} bytes, at most ${CLIP_BYTES_MAX} are read. Cut it into shorter films.`,
      { sizeBytes: size },
    );
  }
  const facts = await probeVideo(path, container, programs);
  const source: VideoSource = { path, container, facts, ffmpeg: programs.ffmpeg };
  return {
    name: basename(path),
    frameCount: facts.frameCount,
    widthPx: facts.widthPx,
    heightPx: facts.heightPx,
    isSimulated: false,
    frames: () => readFrames(source, options.fps),
  };
}

async function* readFrames(source: VideoSource, fps: number | null): AsyncGenerator<ClipFrame> {
  const decoder = new VideoDecoder(source);
  try {
    let isColoured = false;
    let [count, bytes] = [0, 0];
    let [firstUs, lastUs] = [0, Number.NEGATIVE_INFINITY];
    for (;;) {
      const picture = await decoder.next();
      if (picture === null) break;
      const { planes, timeUs } = picture;
      bytes += planes.length;
      if (bytes > FILM_BYTES_MAX) throw tooLong(source.path, count);
      if (count === 0) firstUs = timeUs;
      if (fps === null && !(timeUs > lastUs)) throw notLater(source.path, count);
      lastUs = timeUs;
      isColoured ||= hasChroma(planes.subarray(source.facts.widthPx * source.facts.heightPx));
      const captureTimeUs = fps === null ? timeUs - firstUs : timeAtRateUs(count, fps);
      const frame = frameOf(source.facts, count, captureTimeUs, planes, isColoured);
      yield { frame, truth: null, file: null };
      count += 1;
    }
    refuseIncomplete(source, count, lastUs - firstUs, await decoder.complaint());
  } finally {
    decoder.close();
  }
}

function frameOf(
  { widthPx, heightPx }: VideoFacts,
  frameId: number,
  captureTimeUs: number,
  planes: Uint8Array,
  isColoured: boolean,
): Frame {
  const luma = planes.subarray(0, widthPx * heightPx);
  return {
    epoch: 0,
    frameId,
    captureTimeUs,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: true },
    format: isColoured ? 'rgba8' : 'gray8',
    probeGeometry: 'unknown',
    orientation: 'unknown',
    widthPx,
    heightPx,
    strideBytes: isColoured ? 4 * widthPx : widthPx,
    spacing: null,
    extensions: NO_EXTENSIONS,
    payload: isColoured ? colourOf(planes, widthPx, heightPx) : luma,
  };
}

function colourOf(planes: Uint8Array, widthPx: number, heightPx: number): Uint8Array {
  const rgba = new Uint8Array(4 * widthPx * heightPx).fill(255);
  const chromaWidth = Math.ceil(widthPx / 2);
  const blueStart = widthPx * heightPx;
  const redStart = blueStart + chromaWidth * Math.ceil(heightPx / 2);
  for (let y = 0; y < heightPx; y++) {
    const chromaRow = (y >> 1) * chromaWidth;
    for (let x = 0; x < widthPx; x++) {
      const pixel = y * widthPx + x;
      const at = chromaRow + (x >> 1);
      const blue = planes[blueStart + at] ?? 128;
      const red = planes[redStart + at] ?? 128;
      putYcc(rgba, 4 * pixel, planes[pixel] ?? 0, blue, red);
    }
  }
  return rgba;
}

/**
 * A film that ends before its time is told as such, after the frames that it gave: a benchmark or
 * an evaluation of half a clip must not pass for one of the whole.
 */
function refuseIncomplete(
  { path, facts }: VideoSource,
  count: number,
  lastedUs: number,
  complaint: string | null,
): void {
  if (count === 0) {
    const isEmpty = complaint === null || facts.durationS === 0;
    throw new EcholineError(
      isEmpty ? 'ECHOLINE_CLIP_EMPTY' : 'ECHOLINE_CLIP_DATA',
      `${path} gave no frame: ${isEmpty ? 'its video stream is empty' : complaint}. ` +
        'Copy or export it again.',
    );
  }
  const hint = 'The frames before were read. The file is cut off or damaged; copy it again.';
  if (complaint !== null) {
    throw new EcholineError(
      'ECHOLINE_CLIP_DATA',
      `${path} broke off or was damaged after ${count} frames were read: ${complaint}. ${hint}`,
      { frames: count },
    );
  }
  const { durationS } = facts;
  if (durationS === null) return;
  const lastedS = (lastedUs / 1e6) * (count > 1 ? count / (count - 1) : 1);
  const missingS = durationS - lastedS;
  if (count === 1 || missingS <= Math.max(MISSING_MAX_S, MISSING_SHARE_MAX * durationS)) return;
  throw new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${path} says that it lasts ${durationS.toFixed(2)} s but ended after ` +
      `${lastedS.toFixed(2)} s and ${count} frames. ${hint}`,
    { frames: count, durationS, lastedS },
  );
}

function notLater(path: string, frame: number): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_TIMESTAMPS',
    `${path}: frame ${frame} has no time or is not later than the one before. ` +
      'Give the frame rate with --fps.',
    { frame },
  );
}

function tooLong(path: string, frames: number): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_LIMIT',
    `${path}: more than ${FILM_BYTES_MAX} bytes of pictures after ${frames} frames. ` +
      'Cut the film: ffmpeg -i FILM -t SECONDS -c copy SHORTER.',
    { frames },
  );
}
