import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Clip, ClipFrame } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import { type Frame, NO_EXTENSIONS, type PixelFormat } from '../domain/frame.js';
import { IMAGE_FILE_BYTES_MAX } from './clip-limits.js';
import { type ClipOptions, STILLS_FPS, timeAtRateUs } from './clip-options.js';
import { compareNaturally } from './natural-order.js';

const FORMATS: Readonly<Record<string, PixelFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
};

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Size of a file whose own header cannot be read; whoever decodes it will say what is wrong. */
const UNREADABLE: Size = { widthPx: 1, heightPx: 1 };

/** Whether a file is one that an image folder yields, by its name. */
export function isImageFile(name: string): boolean {
  return !name.startsWith('.') && extname(name).toLowerCase() in FORMATS;
}

/**
 * Opens a folder of PNG and JPEG files in natural order as a clip; other files are left out.
 *
 * Files are offered as they are, undecoded, also when they are broken: then the pipeline refuses
 * that frame and the rest goes on. A file whose header cannot be read claims the clip's size. The
 * images have no time of their own: without `fps` they are 1/30 s apart. Spacing is unknown.
 *
 * @throws EcholineError ECHOLINE_CLIP_EMPTY without any image, ECHOLINE_CLIP_LIMIT for a file
 *   above 64 MiB
 */
export async function openImageFolder(directory: string, options: ClipOptions): Promise<Clip> {
  const names = (await readdir(directory)).filter(isImageFile).sort(compareNaturally);
  if (names.length === 0) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `${directory}: expected PNG or JPEG files (.png, .jpg, .jpeg) and found none.`,
    );
  }
  return openImages(directory, basename(directory), names, options);
}

/** Opens a single PNG or JPEG file as a clip of one frame. */
export function openImageFile(path: string, options: ClipOptions): Promise<Clip> {
  return openImages(dirname(path), basename(path), [basename(path)], options);
}

async function openImages(
  directory: string,
  name: string,
  files: readonly string[],
  options: ClipOptions,
): Promise<Clip> {
  for (const file of files) await refuseLargeFile(join(directory, file));
  const fps = options.fps ?? STILLS_FPS;
  const size = await firstReadableSize(directory, files);

  async function* frames(): AsyncGenerator<ClipFrame> {
    for (const [index, file] of files.entries()) {
      const payload = await readFile(join(directory, file));
      const own = (await readSize(payload)) ?? size;
      const frame = imageFrame(
        index,
        timeAtRateUs(index, fps),
        formatOf(file, payload),
        own,
        payload,
      );
      yield { frame, truth: null, file };
    }
  }
  return { name, frameCount: files.length, ...size, isSimulated: false, frames };
}

function imageFrame(
  frameId: number,
  captureTimeUs: number,
  format: PixelFormat,
  size: Size,
  payload: Uint8Array,
): Frame {
  return {
    epoch: 0,
    frameId,
    captureTimeUs,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: true },
    format,
    probeGeometry: 'unknown',
    orientation: 'unknown',
    ...size,
    strideBytes: 0,
    spacing: null,
    extensions: NO_EXTENSIONS,
    payload,
  };
}

/** What the first bytes say; the name's ending where they say nothing. */
function formatOf(file: string, payload: Uint8Array): PixelFormat {
  if (payload[0] === 0x89 && payload[1] === 0x50) return 'png';
  if (payload[0] === 0xff && payload[1] === 0xd8) return 'jpeg';
  return FORMATS[extname(file).toLowerCase()] ?? 'png';
}

async function refuseLargeFile(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size <= IMAGE_FILE_BYTES_MAX) return;
  throw new EcholineError(
    'ECHOLINE_CLIP_LIMIT',
    `${path}: expected an image of at most ${IMAGE_FILE_BYTES_MAX} bytes, this has ${size}.`,
    { sizeBytes: size },
  );
}

async function firstReadableSize(directory: string, files: readonly string[]): Promise<Size> {
  for (const file of files) {
    const size = await readSize(await readFile(join(directory, file)));
    if (size !== null) return size;
  }
  return UNREADABLE;
}

/** Size from an image's header; null when there is none that can be read. */
async function readSize(payload: Uint8Array): Promise<Size | null> {
  try {
    const { width, height } = await sharp(payload).metadata();
    return { widthPx: width, heightPx: height };
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
