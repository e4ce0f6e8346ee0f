import type { FrameExtensions, Pane, SectorShape, SourceLatency } from '../domain/frame.js';
import { IMAGING_MODES, NO_EXTENSIONS } from '../domain/frame.js';
import type { RectPx } from '../domain/geometry.js';
import { fieldError } from './field-error.js';
import { readCode } from './frame-header.js';
import { readSpacing } from './spacing-field.js';

/** Type numbers of the TLV extensions. 0 is padding; types a reader does not know are skipped. */
export const EXTENSION_TYPES = {
  padding: 0,
  probePose: 1,
  depthMm: 2,
  gainDb: 3,
  imagingMode: 4,
  panes: 5,
  sourceLatency: 6,
  sector: 7,
  deviceText: 8,
} as const;

/** Bytes of a TLV's type and length. */
export const TLV_BYTES = 4;
const POSE_VALUES = 16;
/** Bytes of one pane: four u16 of rectangle, two f32 of spacing. */
export const PANE_BYTES = 16;
/** Most panes of one frame. */
const PANES_MAX = 16;
/** Longest device text, bytes of UTF-8. */
const DEVICE_TEXT_BYTES_MAX = 64;

const CODE = 'ECHOLINE_FRAME_EXTENSION';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Size of the image that panes must lie in, px. */
interface ImageSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads the TLVs between `start` and `end` (offsets into the message).
 *
 * @param image - size from the header; panes must lie in it
 * @throws EcholineError ECHOLINE_FRAME_EXTENSION when a TLV does not fit, is repeated, has a wrong
 *   length or a value out of range; ECHOLINE_FRAME_SPACING for a pane's spacing
 */
export function readExtensions(
  view: DataView,
  start: number,
  end: number,
  image: ImageSize,
): FrameExtensions {
  if (start === end) return NO_EXTENSIONS;
  const extensions: Mutable<FrameExtensions> = { ...NO_EXTENSIONS };
  const seen = new Set<number>();
  let offset = start;
  while (offset < end) {
    if (end - offset < TLV_BYTES) {
      const expected = `${TLV_BYTES} bytes of type and length`;
      throw fault('extensions', offset, expected, `${end - offset} bytes`);
    }
    const type = view.getUint16(offset, true);
    const length = view.getUint16(offset + 2, true);
    const valueOffset = offset + TLV_BYTES;
    if (length > end - valueOffset) {
      const expected = `at most ${end - valueOffset} (what is left of the header)`;
      throw fault('extensions.length', offset + 2, expected, length);
    }
    if (type !== EXTENSION_TYPES.padding && seen.has(type)) {
      throw fault('extensions.type', offset, 'each type at most once', type);
    }
    seen.add(type);
    readExtension(view, type, valueOffset, length, image, extensions);
    offset = valueOffset + length;
  }
  return extensions;
}

function readExtension(
  view: DataView,
  type: number,
  offset: number,
  length: number,
  image: ImageSize,
  into: Mutable<FrameExtensions>,
): void {
  switch (type) {
    case EXTENSION_TYPES.probePose:
      into.probePose = readF32s(view, offset, length, 'probePose', POSE_VALUES);
      return;
    case EXTENSION_TYPES.depthMm:
      into.depthMm = readPositive(view, offset, length, 'depthMm');
      return;
    case EXTENSION_TYPES.gainDb:
      into.gainDb = readF32(view, offset, length, 'gainDb');
      return;
    case EXTENSION_TYPES.imagingMode:
      checkLength(offset, length, 'imagingMode', 1);
      into.imagingMode = readCode(view, offset, 'extensions.imagingMode', IMAGING_MODES, CODE);
      return;
    case EXTENSION_TYPES.panes:
      into.panes = readPanes(view, offset, length, image);
      return;
    case EXTENSION_TYPES.sourceLatency:
      into.sourceLatency = readSourceLatency(view, offset, length);
      return;
    case EXTENSION_TYPES.sector:
      into.sector = readSector(view, offset, length);
      return;
    case EXTENSION_TYPES.deviceText:
      into.deviceText = readDeviceText(view, offset, length);
      return;
    default:
      // Padding, or something a newer minor says: skipped.
      return;
  }
}

function readF32s(
  view: DataView,
  offset: number,
  length: number,
  name: string,
  count: number,
): number[] {
  checkLength(offset, length, name, count * 4);
  const values: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const value = view.getFloat32(offset + index * 4, true);
    if (!Number.isFinite(value)) {
      throw fault(`extensions.${name}`, offset + index * 4, 'a finite number', value);
    }
    values.push(value);
  }
  return values;
}

function readF32(view: DataView, offset: number, length: number, name: string): number {
  const [value = Number.NaN] = readF32s(view, offset, length, name, 1);
  return value;
}

function readPositive(view: DataView, offset: number, length: number, name: string): number {
  const value = readF32(view, offset, length, name);
  if (value <= 0) throw fault(`extensions.${name}`, offset, 'a number > 0', value);
  return value;
}

function readPanes(view: DataView, offset: number, length: number, image: ImageSize): Pane[] {
  const count = length / PANE_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > PANES_MAX) {
    const expected = `1 to ${PANES_MAX} panes of ${PANE_BYTES} bytes`;
    throw fault('extensions.panes', offset - 2, expected, `${length} bytes`);
  }
  const panes: Pane[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = offset + index * PANE_BYTES;
    const field = `extensions.panes.${index}`;
    const rect = readRect(view, at, `${field}.rect`, image);
    panes.push({ rect, spacing: readSpacing(view, at + 8, `${field}.spacing`) });
  }
  return panes;
}

function readRect(view: DataView, at: number, field: string, image: ImageSize): RectPx {
  const xPx = view.getUint16(at, true);
  const yPx = view.getUint16(at + 2, true);
  const widthPx = view.getUint16(at + 4, true);
  const heightPx = view.getUint16(at + 6, true);
  if (widthPx === 0 || xPx + widthPx > image.widthPx) {
    const expected = `1 or more, within the image's ${image.widthPx} columns`;
    throw fault(`${field}.widthPx`, at + 4, expected, widthPx);
  }
  if (heightPx === 0 || yPx + heightPx > image.heightPx) {
    const expected = `1 or more, within the image's ${image.heightPx} rows`;
    throw fault(`${field}.heightPx`, at + 6, expected, heightPx);
  }
  return { xPx, yPx, widthPx, heightPx };
}

function readSourceLatency(view: DataView, offset: number, length: number): SourceLatency {
  const values = readF32s(view, offset, length, 'sourceLatency', 2);
  const [latencyMs = 0, uncertaintyMs = 0] = values;
  const negative = values.findIndex((value) => value < 0);
  if (negative !== -1) {
    const name = negative === 0 ? 'latencyMs' : 'uncertaintyMs';
    const received = values[negative] ?? Number.NaN;
    throw fault(`extensions.sourceLatency.${name}`, offset + negative * 4, '>= 0', received);
  }
  return { latencyMs, uncertaintyMs };
}

function readSector(view: DataView, offset: number, length: number): SectorShape {
  const values = readF32s(view, offset, length, 'sector', 6);
  const [apexXPx = 0, apexYPx = 0, radiusMinPx = 0, radiusMaxPx = 0] = values;
  const [angleMinDeg = 0, angleMaxDeg = 0] = values.slice(4);
  const field = 'extensions.sector';
  if (radiusMinPx < 0) throw fault(`${field}.radiusMinPx`, offset + 8, '>= 0', radiusMinPx);
  if (radiusMaxPx <= radiusMinPx) {
    throw fault(`${field}.radiusMaxPx`, offset + 12, `> radiusMinPx ${radiusMinPx}`, radiusMaxPx);
  }
  if (angleMinDeg < -180) throw fault(`${field}.angleMinDeg`, offset + 16, '>= -180', angleMinDeg);
  if (angleMaxDeg <= angleMinDeg || angleMaxDeg > 180) {
    const expected = `> angleMinDeg ${angleMinDeg} and <= 180`;
    throw fault(`${field}.angleMaxDeg`, offset + 20, expected, angleMaxDeg);
  }
  return { apexXPx, apexYPx, radiusMinPx, radiusMaxPx, angleMinDeg, angleMaxDeg };
}

function readDeviceText(view: DataView, offset: number, length: number): string {
  const field = 'extensions.deviceText';
  if (length > DEVICE_TEXT_BYTES_MAX) {
    throw fault(field, offset - 2, `at most ${DEVICE_TEXT_BYTES_MAX} bytes`, length);
  }
  try {
    return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + offset, length));
  } catch {
    throw fault(field, offset, 'UTF-8', 'bytes that are not UTF-8');
  }
}

function checkLength(offset: number, length: number, name: string, bytes: number): void {
  if (length !== bytes) throw fault(`extensions.${name}`, offset - 2, `${bytes} bytes`, length);
}

function fault(field: string, offsetBytes: number, expected: string, received: string | number) {
  return fieldError(CODE, { field, offsetBytes, expected, received });
}
