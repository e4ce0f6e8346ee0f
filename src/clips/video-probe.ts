import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { EcholineError } from '../domain/errors.js';
import { CLIP_SIDE_MAX_PX, IMAGE_FILE_BYTES_MAX } from './clip-limits.js';
import { missingProgram, type VideoPrograms } from './video-programs.js';

/** Containers that are read, by the name of ffmpeg's own reader. MP4 is a kind of MOV. */
export type VideoContainer = 'mov' | 'avi' | 'matroska';

/** What a film says of itself. */
export interface VideoFacts {
  /** Size as shown: turned by its rotation, with square pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** As the container counts them; null when it does not. */
  readonly frameCount: number | null;
  /** How long its pictures last; null when it does not say. */
  readonly durationS: number | null;
}

/** What an MP4 or MOV may start with. */
const QUICKTIME_ATOMS = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];
const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/**
 * Which container a file is, by its first bytes (12 are enough); null when it is none of them.
 */
export function videoContainerOf(start: Buffer): VideoContainer | null {
  const [head, second, third] = [0, 4, 8].map((at) => start.toString('latin1', at, at + 4));
  if (QUICKTIME_ATOMS.includes(second ?? '')) return 'mov';
  if (head === 'RIFF' && third === 'AVI ') return 'avi';
  return start.length >= 4 && start.readUInt32BE(0) === 0x1a45dfa3 ? 'matroska' : null;
}

/**
 * What keeps ffmpeg to this one file: one container's reader (no playlists, no references to other
 * files), local files only, frames of at most 64 megapixels, one thread.
 */
export function inputArguments(path: string, container: VideoContainer): readonly string[] {
  const whitelist = ['-protocol_whitelist', 'file,pipe', '-f', container];
  return [...whitelist, '-max_pixels', String(64 * MEBIBYTE), '-i', `file:${resolve(path)}`];
}

/**
 * Asks ffprobe what is in a film. Only numbers are asked for: no titles, no names.
 *
 * @throws EcholineError ECHOLINE_CLIP_DECODER_MISSING; ECHOLINE_CLIP_DATA when the file is cut off
 *   before its index, or broken; ECHOLINE_CLIP_EMPTY without pictures; ECHOLINE_CLIP_LIMIT
 */
export async function probeVideo(
  path: string,
  container: VideoContainer,
  programs: VideoPrograms,
): Promise<VideoFacts> {
  const wanted =
    'stream=width,height,sample_aspect_ratio,r_frame_rate,nb_frames,duration' +
    ':stream_tags=DURATION:stream_side_data=rotation:format=duration,nb_streams';
  const answer = await run(path, programs.ffprobe, [
    ...['-v', 'error', '-select_streams', 'V:0', '-show_entries', wanted, '-of', 'json'],
    ...inputArguments(path, container),
  ]);
  const { streams = [], format = {} } = JSON.parse(answer) as ProbeAnswer;
  const [stream] = streams;
  if (stream === undefined) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `${path}: expected a film, but it has no pictures (its ${format.nb_streams ?? 0} streams ` +
        'are sound or data). Give a film with a video stream.',
    );
  }
  const size = shownSize(path, stream);
  const frames = Number(stream.nb_frames);
  const frameCount = Number.isInteger(frames) && frames > 0 ? frames : null;
  const [ticks = 0, seconds = 0] = (stream.r_frame_rate ?? '').split('/').map(Number);
  // Of an AVI ffprobe tells the length that is there; only the count still tells what should be.
  const isCounted = container === 'avi' && frameCount !== null && ticks > 0 && seconds > 0;
  const durationS = isCounted ? (frameCount * seconds) / ticks : durationOf(stream, format);
  return { ...size, frameCount, durationS };
}

interface ProbeStream {
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly r_frame_rate?: string;
  readonly nb_frames?: string;
  readonly duration?: string;
  readonly tags?: { readonly DURATION?: string };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

interface ProbeFormat {
  readonly duration?: string;
  readonly nb_streams?: number;
}

interface ProbeAnswer {
  readonly streams?: readonly ProbeStream[];
  readonly format?: ProbeFormat;
}

function shownSize(path: string, stream: ProbeStream) {
  const { width = 0, height = 0 } = stream;
  const [across = 0, down = 0] = (stream.sample_aspect_ratio ?? '').split(':').map(Number);
  const stretch = across > 0 && down > 0 ? across / down : 1;
  const shownWidth = Math.max(1, Math.round(width * stretch));
  const rotation = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const isTurned = Math.abs(rotation ?? 0) % 180 === 90;
  const [widthPx, heightPx] = isTurned ? [height, shownWidth] : [shownWidth, height];
  if (width < 1 || height < 1) {
    throw new EcholineError(
      'ECHOLINE_CLIP_DATA',
      `${path}: its pictures have no size (${width} × ${height}). The file is cut off or its ` +
        'codec is unknown to this ffmpeg; copy or export it again.',
    );
  }
  // Drawn in colour they take four bytes a pixel.
  const frameBytes = widthPx * heightPx * 4;
  if (Math.max(widthPx, heightPx) > CLIP_SIDE_MAX_PX || frameBytes > IMAGE_FILE_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `${path}: pictures of ${widthPx} × ${heightPx} px are too large; the limit is ` +
        `${IMAGE_FILE_BYTES_MAX / 4} pixels. Scale the film down.`,
      { widthPx, heightPx },
    );
  }
  return { widthPx, heightPx };
}

/** Seconds; Matroska keeps a stream's length as a tag, e.g. `00:00:10.333000000`. */
function durationOf(stream: ProbeStream, format: ProbeFormat): number | null {
  const [hours, minutes, seconds] = (stream.tags?.DURATION ?? '').split(':').map(Number);
  const tagged = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? Number.NaN);
  const whole = Number(format.duration);
  const own = Number.isFinite(tagged) ? tagged : Number(stream.duration);
  if (Number.isFinite(own)) return Number.isFinite(whole) ? Math.min(own, whole) : own;
  return format.nb_streams === 1 && Number.isFinite(whole) ? whole : null;
}

function run(path: string, program: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: ANSWER_BYTES_MAX,
    } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) done(stdout);
      else if (error.code === 'ENOENT') fail(missingProgram(program, path));
      else {
        const why = error.killed === true ? 'it took too long' : lastWords(stderr);
        fail(
          new EcholineError(
            'ECHOLINE_CLIP_DATA',
            `${path} could not be read as a film: ${why}. It is cut off or broken; copy or ` +
              'export it again.',
            {},
            { cause: error },
          ),
        );
      }
    });
    child.stdin?.end();
  });
}

/** First complaint of a program, without the address and path that ffmpeg puts before it. */
export function lastWords(stderr: string): string {
  const [first = ''] = stderr
    .split('\n')
    .map((line) => line.replace(/^(\[[^\]]*\] )*/, '').trim())
    .filter((line) => line !== '');
  return first.replace(/^file:.*: /, '').slice(0, 200) || 'it said nothing';
}
