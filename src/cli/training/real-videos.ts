import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openClip } from '../../clips/open-clip.js';
import type { GrayImage } from '../../domain/frame.js';

/** One licensed real video without a needle, and where it belongs. */
export interface RealVideoFile {
  /** Names licence and attribution in REAL_FRAME_SETS. */
  readonly set: string;
  readonly path: string;
  readonly group: string;
  readonly isValidation: boolean;
  /** Whether it certainly shows no nerve and no vessel worth a label. */
  readonly isNerveFree: boolean;
}

/** Its frames in order, evenly spaced as filmed. */
export interface RealVideo {
  readonly file: RealVideoFile;
  readonly frames: readonly GrayImage[];
}

/** Frames that are kept of a video, and the longest side that is kept of a frame. */
const FRAMES_MAX = 120;
const SIDE_MAX_PX = 480;

const VIDEO_SETS = [
  {
    set: 'lung',
    ends: /\.(mp4|mov)$/,
    isNerveFree: true,
    isValidation: (name: string) => /181432|sonographic_v5|prospective_file3/.test(name),
  },
  {
    set: 'clips/plus',
    ends: /\.igs\.mha$/,
    isNerveFree: false,
    isValidation: (name: string) => name.startsWith('USTC'),
  },
] as const;

/** Lists the videos below `dataDirectory`; sets that are not there are skipped. */
export function listRealVideos(dataDirectory: string): readonly RealVideoFile[] {
  return VIDEO_SETS.flatMap(({ set, ends, isNerveFree, isValidation }) => {
    const folder = join(dataDirectory, set);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => ends.test(name));
    return names.sort().map((name) => ({
      set,
      path: join(folder, name),
      group: `${set}/${name.replace(ends, '')}`,
      isValidation: isValidation(name),
      isNerveFree,
    }));
  });
}

/** Whether films can be decoded here; sequence files always can. */
export function canReadFilms(): boolean {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes the first frames of a video: sequence files by the engine's own reader, films by `ffmpeg`
 * (Debian's package; an error says so where it is missing).
 */
export async function readRealVideo(file: RealVideoFile): Promise<RealVideo> {
  const frames = file.path.endsWith('.mha') ? await readSequence(file.path) : readFilm(file.path);
  return { file, frames };
}

async function readSequence(path: string): Promise<GrayImage[]> {
  // Their own times are not needed, and one has none.
  const clip = await openClip(path, { fps: 30 });
  const frames: GrayImage[] = [];
  for await (const { frame } of clip.frames()) {
    const { widthPx, heightPx, strideBytes, payload } = frame;
    frames.push({ widthPx, heightPx, strideBytes, data: payload });
    if (frames.length === FRAMES_MAX) break;
  }
  return frames;
}

function readFilm(path: string): GrayImage[] {
  const probe = ['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0'];
  const size = run('ffprobe', [...probe, '-show_entries', 'stream=width,height', path]).toString();
  const [width = 0, height = 0] = size.trim().split(',').map(Number);
  const scale = Math.min(1, SIDE_MAX_PX / Math.max(width, height));
  const widthPx = Math.round(width * scale);
  const heightPx = Math.round(height * scale);
  const limit = ['-frames:v', String(FRAMES_MAX), '-vf', `scale=${widthPx}:${heightPx}`];
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  const data = run('ffmpeg', ['-v', 'error', '-i', path, ...limit, ...raw]);
  const bytes = widthPx * heightPx;
  return Array.from({ length: Math.floor(data.length / bytes) }, (_, index) => ({
    widthPx,
    heightPx,
    strideBytes: widthPx,
    data: data.subarray(index * bytes, (index + 1) * bytes),
  }));
}

function run(program: 'ffmpeg' | 'ffprobe', args: readonly string[]): Buffer {
  try {
    return execFileSync(program, args, { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const hint =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? ': apt-get install ffmpeg' : '';
    throw new Error(`${program} could not read ${args.at(-1)}${hint}.`, { cause });
  }
}
