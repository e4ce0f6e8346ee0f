import { open, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Clip } from '../domain/clip.js';
import { EcholineError } from '../domain/errors.js';
import type { ClipOptions } from './clip-options.js';
import { openDicom } from './dicom.js';
import { isDicom } from './dicom-elements.js';
import { openRecording } from './echoline-recording.js';
import { isImageFile, openImageFile, openImageFolder } from './image-folder.js';
import { openMha } from './mha.js';
import { compareNaturally } from './natural-order.js';
import { CLIP_FILE } from './recording-format.js';
import { openVideo } from './video.js';
import { videoContainerOf } from './video-probe.js';

const READABLE =
  'a folder of PNG or JPEG images, a PNG or JPEG file, a film (.mp4, .mov, .avi, .mkv, .webm), ' +
  'DICOM ultrasound (.dcm), a MetaImage (.mha, .igs.mha), or an Echoline clip folder (with ' +
  'clip.json)';
/** What files are called that may be clips by themselves; what they are, their content decides. */
const CLIP_ENDINGS = ['.mha', '.mp4', '.m4v', '.mov', '.avi', '.mkv', '.webm', '.dcm', '.dicom'];
/** Enough of a file to know it: DICOM says its name at byte 128. */
const START_BYTES = 132;
/** How many clips of a folder an error names. */
const NAMED_MAX = 5;

/**
 * Opens a clip of any known format. What a file is, is decided by its content; only a file that
 * calls itself an image is taken for a (broken) one whatever it holds, so that each image of a
 * batch gets its own answer.
 *
 * A folder without images that holds one clip stands for it: `--record DIR` makes a folder for
 * each stream below DIR.
 *
 * @throws EcholineError ECHOLINE_CLIP_NOT_FOUND, ECHOLINE_CLIP_UNKNOWN_FORMAT, or what the format's
 *   own reader throws
 */
export async function openClip(path: string, options: ClipOptions): Promise<Clip> {
  const kind = await kindOf(path);
  if (kind === null) {
    throw new EcholineError(
      'ECHOLINE_CLIP_NOT_FOUND',
      `${path} does not exist or cannot be read. Expected ${READABLE}.`,
    );
  }
  if (kind === 'folder') return openFolder(path, options);
  const start = await firstBytes(path, START_BYTES);
  const isPng = start[0] === 0x89 && start.subarray(1, 4).toString('latin1') === 'PNG';
  const isJpeg = start[0] === 0xff && start[1] === 0xd8;
  if (isPng || isJpeg || isImageFile(basename(path))) return openImageFile(path, options);
  if (isDicom(start)) return openDicom(path, options);
  if (/^\s*(ObjectType|NDims|Comment)\s*=/.test(start.toString('latin1'))) {
    return openMha(path, options);
  }
  const container = videoContainerOf(start);
  if (container !== null) return openVideo(path, container, options);
  throw new EcholineError(
    'ECHOLINE_CLIP_UNKNOWN_FORMAT',
    `${path} is no clip that can be read. Expected ${READABLE}.`,
  );
}

async function openFolder(path: string, options: ClipOptions): Promise<Clip> {
  if (await isRecording(path)) return openRecording(path, options);
  const names = (await readdir(path)).sort(compareNaturally);
  if (names.some(isImageFile)) return openImageFolder(path, options);
  const clips: string[] = [];
  for (const name of names) {
    if (isClipFile(name) || (await isRecording(join(path, name)))) clips.push(name);
  }
  const [only] = clips;
  if (only === undefined) return openImageFolder(path, options);
  if (clips.length === 1) return openClip(join(path, only), options);
  const more = clips.length > NAMED_MAX ? ', …' : '';
  throw new EcholineError(
    'ECHOLINE_CLIP_EMPTY',
    `${path}: expected one clip and found ${clips.length}. Give one of them: ` +
      `${clips.slice(0, NAMED_MAX).join(', ')}${more}`,
  );
}

function isClipFile(name: string): boolean {
  return !name.startsWith('.') && CLIP_ENDINGS.includes(extname(name).toLowerCase());
}

async function isRecording(directory: string): Promise<boolean> {
  return (await kindOf(join(directory, CLIP_FILE))) === 'file';
}

async function kindOf(path: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isFileSystemError(error)) return null;
    throw error;
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
