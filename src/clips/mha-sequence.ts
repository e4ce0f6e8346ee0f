import { EcholineError } from '../domain/errors.js';
import { ORIENTATIONS, type Orientation } from '../domain/frame.js';
import type { Spacing } from '../domain/spacing.js';
import { CLIP_BYTES_MAX, CLIP_SIDE_MAX_PX } from './clip-limits.js';
import { headerError, type MhaField, type MhaHeader } from './mha-header.js';

/** A tracked transform of one frame: 4 × 4 row-major, and whether PLUS trusted it. */
export interface MhaTransform {
  readonly matrix: readonly number[];
  readonly isValid: boolean;
}

/** What the header says about one frame. */
export interface MhaFrameInfo {
  /** Position in the pixel data. */
  readonly index: number;
  /** null when the header has none. */
  readonly timestampUs: number | null;
  /** False where PLUS recorded no image (`ImageStatus` other than OK). */
  readonly hasImage: boolean;
  /** By name without the ending `Transform`, e.g. `ProbeToTracker`. */
  readonly transforms: ReadonlyMap<string, MhaTransform>;
}

/** What a MetaImage header means, checked. */
export interface MhaSequence {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  readonly elementType: 'MET_UCHAR' | 'MET_FLOAT';
  readonly isCompressed: boolean;
  readonly isBigEndian: boolean;
  /** Length of the compressed data; null = to the end of the file. */
  readonly compressedBytes: number | null;
  readonly orientation: Orientation;
  /** null: unknown. PLUS writes 1 1 1 where nobody calibrated the image. */
  readonly spacing: Spacing | null;
  readonly frames: readonly MhaFrameInfo[];
}

const ELEMENT_BYTES = { MET_UCHAR: 1, MET_FLOAT: 4 } as const;

/** Bytes of a sequence's pixels before compression. */
export function pixelBytesOf(sequence: MhaSequence): number {
  const { widthPx, heightPx, frameCount, elementType } = sequence;
  return widthPx * heightPx * frameCount * ELEMENT_BYTES[elementType];
}

/**
 * Reads the meaning out of a split header.
 *
 * @throws EcholineError ECHOLINE_CLIP_HEADER with line and byte offset, ECHOLINE_CLIP_EMPTY without
 *   frames, ECHOLINE_CLIP_LIMIT when `DimSize` claims more than 1 GiB
 */
export function readMhaSequence(header: MhaHeader): MhaSequence {
  requireSupported(header);
  const size = readSize(header);
  const sequence: MhaSequence = {
    ...size,
    elementType: readElementType(header),
    isCompressed: readBoolean(header, 'CompressedData'),
    isBigEndian:
      readBoolean(header, 'BinaryDataByteOrderMSB') || readBoolean(header, 'ElementByteOrderMSB'),
    compressedBytes: readCompressedBytes(header),
    orientation: readOrientation(header),
    spacing: readSpacing(header),
    frames: readFrames(header, size.frameCount),
  };
  const pixelBytes = pixelBytesOf(sequence);
  if (pixelBytes > CLIP_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `DimSize claims ${pixelBytes} bytes of pixels, at most ${CLIP_BYTES_MAX} are read.`,
      { pixelBytes },
    );
  }
  return sequence;
}

function need(header: MhaHeader, key: string): MhaField {
  const field = header.fields.get(key);
  if (field !== undefined) return field;
  throw new EcholineError('ECHOLINE_CLIP_HEADER', `The header has no ${key}.`, { key });
}

function requireSupported(header: MhaHeader): void {
  const objectType = header.fields.get('ObjectType');
  if (objectType !== undefined && objectType.value !== 'Image') {
    throw headerError(objectType, 'Image');
  }
  const dataFile = need(header, 'ElementDataFile');
  if (dataFile.value !== 'LOCAL') throw headerError(dataFile, 'LOCAL (pixels in the same file)');
  const binary = header.fields.get('BinaryData');
  if (binary !== undefined && !isTrue(binary)) throw headerError(binary, 'True');
  const channels = header.fields.get('ElementNumberOfChannels');
  if (channels !== undefined && channels.value !== '1') throw headerError(channels, '1');
}

function readSize(header: MhaHeader) {
  const dimensions = need(header, 'NDims');
  const count = Number(dimensions.value);
  if (count !== 2 && count !== 3) throw headerError(dimensions, '2 or 3');
  const field = need(header, 'DimSize');
  const sizes = field.value.split(/\s+/).map(Number);
  const [widthPx = 0, heightPx = 0, frameCount = 1] = sizes;
  if (sizes.length !== count || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw headerError(field, `${count} whole numbers`);
  }
  if (Math.min(widthPx, heightPx) < 1 || Math.max(widthPx, heightPx) > CLIP_SIDE_MAX_PX) {
    throw headerError(field, `a width and height from 1 to ${CLIP_SIDE_MAX_PX}`);
  }
  if (frameCount === 0) {
    throw new EcholineError('ECHOLINE_CLIP_EMPTY', 'DimSize says that there are 0 frames.');
  }
  return { widthPx, heightPx, frameCount };
}

function readElementType(header: MhaHeader): MhaSequence['elementType'] {
  const field = need(header, 'ElementType');
  if (field.value === 'MET_UCHAR' || field.value === 'MET_FLOAT') return field.value;
  throw headerError(field, 'MET_UCHAR or MET_FLOAT');
}

function isTrue(field: MhaField): boolean {
  const value = field.value.toLowerCase();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw headerError(field, 'True or False');
}

function readBoolean(header: MhaHeader, key: string): boolean {
  const field = header.fields.get(key);
  return field !== undefined && isTrue(field);
}

function readCompressedBytes(header: MhaHeader): number | null {
  const field = header.fields.get('CompressedDataSize');
  if (field === undefined) return null;
  const bytes = Number(field.value);
  if (!Number.isInteger(bytes) || bytes < 0) throw headerError(field, 'a number of bytes');
  return bytes;
}

/** Two letters; a third one is about 3D images and says nothing about a sequence of 2D ones. */
function readOrientation(header: MhaHeader): Orientation {
  const field = header.fields.get('UltrasoundImageOrientation');
  if (field === undefined) return 'unknown';
  const orientation = ORIENTATIONS.find((known) => known === field.value.slice(0, 2));
  const third = field.value.slice(2);
  if (orientation !== undefined && (third === '' || third === 'A' || third === 'D')) {
    return orientation;
  }
  if (field.value === '' || field.value.startsWith('XX')) return 'unknown';
  throw headerError(field, 'MF, MN, UF or UN, with A or D behind it where there is a third letter');
}

function readSpacing(header: MhaHeader): Spacing | null {
  const field = header.fields.get('ElementSpacing');
  if (field === undefined) return null;
  const [xMm, yMm] = field.value.split(/\s+/).map(Number);
  const isSpacing = (value: number | undefined): value is number =>
    value !== undefined && Number.isFinite(value) && value > 0;
  if (!isSpacing(xMm) || !isSpacing(yMm)) throw headerError(field, 'millimetres above 0');
  return xMm === 1 && yMm === 1 ? null : { xMm, yMm };
}

function readFrames(header: MhaHeader, frameCount: number): readonly MhaFrameInfo[] {
  for (const [index, fields] of header.frameFields) {
    const [field] = fields.values();
    if (index >= frameCount && field !== undefined) {
      throw headerError(field, `at most the ${frameCount} frames that DimSize says`);
    }
  }
  return Array.from({ length: frameCount }, (_, index) => {
    const fields = header.frameFields.get(index) ?? new Map<string, MhaField>();
    const status = fields.get('ImageStatus');
    return {
      index,
      timestampUs: readTimestampUs(fields.get('Timestamp')),
      hasImage: status === undefined || status.value === 'OK',
      transforms: readTransforms(fields),
    };
  });
}

/** PLUS writes seconds. */
function readTimestampUs(field: MhaField | undefined): number | null {
  if (field === undefined) return null;
  const timestampUs = Math.round(Number(field.value) * 1e6);
  if (field.value !== '' && Number.isSafeInteger(timestampUs) && timestampUs >= 0) {
    return timestampUs;
  }
  throw headerError(field, 'seconds, 0 or more');
}

function readTransforms(fields: ReadonlyMap<string, MhaField>): ReadonlyMap<string, MhaTransform> {
  const transforms = new Map<string, MhaTransform>();
  for (const [name, field] of fields) {
    if (!name.endsWith('Transform')) continue;
    const matrix = field.value.split(/\s+/).map(Number);
    if (matrix.length !== 16 || !matrix.every(Number.isFinite)) {
      throw headerError(field, '16 numbers');
    }
    const isValid = fields.get(`${name}Status`)?.value === 'OK';
    transforms.set(name.slice(0, -'Transform'.length), { matrix, isValid });
  }
  return transforms;
}
