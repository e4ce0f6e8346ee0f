import { spawnSync } from 'node:child_process';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';

/** Times in ms of a film whose frames are not evenly spaced. */
export const UNEVEN_MS: readonly number[] = [0, 40, 80, 200, 240, 280, 500, 540, 580, 620];

/** Frames of the phantom as one raw gray film. */
export function phantomFrames(count: number, widthPx: number, heightPx: number): Buffer[] {
  const clip = createPhantomClip({ seed: 5, widthPx, heightPx });
  return Array.from({ length: count }, () => Buffer.from(clip.nextFrame().image.data));
}

/** How raw frames become a film. */
export interface FilmOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps?: number;
  /** `gray`, or `rgb24` for frames of three bytes a pixel. */
  readonly pixelFormat?: 'gray' | 'rgb24';
  /** Arguments of ffmpeg for the output: codec, filters. */
  readonly output: readonly string[];
}

/** Makes a film at `path` of raw frames. */
export function writeFilm(path: string, frames: readonly Buffer[], options: FilmOptions): void {
  const { widthPx, heightPx, fps = 25, pixelFormat = 'gray', output } = options;
  const size = ['-s', `${widthPx}x${heightPx}`, '-r', String(fps)];
  const input = ['-f', 'rawvideo', '-pix_fmt', pixelFormat, ...size, '-i', 'pipe:0'];
  runFfmpeg([...input, ...output, path], Buffer.concat(frames));
}

/** Runs ffmpeg and throws with its own words where it fails. */
export function runFfmpeg(args: readonly string[], input = Buffer.alloc(0)): void {
  const common = ['-y', '-hide_banner', '-v', 'error', '-threads', '1'];
  const { status, stderr } = spawnSync('ffmpeg', [...common, ...args], { input });
  if (status !== 0) throw new Error(`ffmpeg: ${stderr.toString()}`);
}

/** The filter that gives frame n the n-th of `UNEVEN_MS`. */
export function unevenTimes(): string {
  const terms = UNEVEN_MS.map((time, n) => `${time}*eq(N\\,${n})`).join('+');
  return `settb=1/1000,setpts=${terms}`;
}
