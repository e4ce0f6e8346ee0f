import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openClip } from '../../clips/open-clip.js';
import type { Frame, GrayImage } from '../../domain/frame.js';
import { referenceKernels } from '../../kernels/reference-kernels.js';
import { planResize } from '../../kernels/resize-plan.js';

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

/**
 * Decodes the first frames of a video by the engine's own readers.
 *
 * @throws EcholineError ECHOLINE_CLIP_DECODER_MISSING for a film without `ffmpeg`, or what the
 *   reader throws
 */
export async function readRealVideo(file: RealVideoFile): Promise<RealVideo> {
  // Their own times are not needed, and one has none.
  const clip = await openClip(file.path, { fps: 30 });
  const frames: GrayImage[] = [];
  for await (const { frame } of clip.frames()) {
    const gray = grayOf(frame);
    frames.push(file.path.endsWith('.mha') ? gray : reduced(gray));
    if (frames.length === FRAMES_MAX) break;
  }
  return { file, frames };
}

/** Films are gray or, where they show a coloured mark, of four bytes a pixel. */
function grayOf({ format, widthPx, heightPx, strideBytes, payload }: Frame): GrayImage {
  if (format === 'gray8') return { widthPx, heightPx, strideBytes, data: payload };
  const data = new Uint8Array(widthPx * heightPx);
  const size = { width: widthPx, height: heightPx };
  referenceKernels.grayFromColour(payload, strideBytes, size, 'rgba', data);
  return { widthPx, heightPx, strideBytes: widthPx, data };
}

/** At most `SIDE_MAX_PX` on the longest side, by area. */
function reduced(image: GrayImage): GrayImage {
  const scale = Math.min(1, SIDE_MAX_PX / Math.max(image.widthPx, image.heightPx));
  if (scale === 1) return image;
  const widthPx = Math.max(1, Math.round(image.widthPx * scale));
  const heightPx = Math.max(1, Math.round(image.heightPx * scale));
  const whole = { xPx: 0, yPx: 0, widthPx: image.widthPx, heightPx: image.heightPx };
  const placement = { xPx: 0, yPx: 0, widthPx, heightPx };
  const plan = planResize(image.widthPx, image.heightPx, widthPx, placement);
  const data = new Uint8Array(widthPx * heightPx);
  referenceKernels.resize(image, whole, plan, data);
  return { widthPx, heightPx, strideBytes: widthPx, data };
}
