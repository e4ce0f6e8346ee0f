import type { ErrorCode } from '../domain/errors.js';
import type { FrameFlags, PixelFormat } from '../domain/frame.js';
import { fieldError } from './field-error.js';

/** Bytes of the fixed header; the TLV extensions follow it. */
export const HEADER_BYTES = 64;

/** `ECHO`, read as a little-endian u32. */
export const FRAME_MAGIC = 0x4f48_4345;

/** The only message type of major 1 so far. */
export const MESSAGE_TYPE_FRAME = 1;

/** Byte offsets of the fixed header (interfaces.md section 1, docs/protocol.md section 3). */
export const HEADER_OFFSETS = {
  magic: 0,
  major: 4,
  minor: 5,
  type: 6,
  flags: 7,
  headerLength: 8,
  format: 10,
  probeGeometry: 11,
  epoch: 12,
  frameId: 16,
  captureTimeUs: 24,
  widthPx: 32,
  heightPx: 34,
  strideBytes: 36,
  spacingX: 40,
  spacingY: 44,
  orientation: 48,
  reserved: 49,
  payloadLength: 52,
  reservedTail: 56,
} as const;

const FLAG_FROZEN = 1;
const FLAG_GEOMETRY_CHANGED = 2;
const FLAG_MAY_CARRY_TEXT = 4;
const FLAGS_KNOWN = FLAG_FROZEN | FLAG_GEOMETRY_CHANGED | FLAG_MAY_CARRY_TEXT;

/** Bytes a pixel of an uncompressed format; 0 for compressed formats. */
export function bytesPerPixel(format: PixelFormat): 0 | 1 | 4 {
  switch (format) {
    case 'gray8':
      return 1;
    case 'rgba8':
    case 'bgra8':
      return 4;
    case 'jpeg':
    case 'png':
      return 0;
  }
}

/** Reads a code byte as its name; an unknown code is refused with `code`. */
export function readCode<T extends string>(
  view: DataView,
  offsetBytes: number,
  field: string,
  names: readonly T[],
  code: ErrorCode,
): T {
  const value = view.getUint8(offsetBytes);
  const name = names[value];
  if (name === undefined) {
    const expected = names.map((known, index) => `${index} ${known}`).join(', ');
    throw fieldError(code, { field, offsetBytes, expected, received: value });
  }
  return name;
}

/** Reads a u64 that JavaScript can hold exactly (≤ 2^53 − 1). */
export function readSafeInteger(view: DataView, offsetBytes: number, field: string): number {
  const value = view.getUint32(offsetBytes + 4, true) * 2 ** 32 + view.getUint32(offsetBytes, true);
  if (value > Number.MAX_SAFE_INTEGER) {
    throw fieldError('ECHOLINE_FRAME_FIELD', {
      field,
      offsetBytes,
      expected: 'at most 2^53 - 1',
      received: view.getBigUint64(offsetBytes, true).toString(),
    });
  }
  return value;
}

/** Reads the flags; bits this version does not know are the caller's to judge. */
export function readFlags(view: DataView): FrameFlags {
  const bits = view.getUint8(HEADER_OFFSETS.flags);
  return {
    isFrozen: (bits & FLAG_FROZEN) !== 0,
    geometryChanged: (bits & FLAG_GEOMETRY_CHANGED) !== 0,
    mayCarryText: (bits & FLAG_MAY_CARRY_TEXT) !== 0,
  };
}

/** The flags as bits. */
export function flagBits(flags: FrameFlags): number {
  return (
    (flags.isFrozen ? FLAG_FROZEN : 0) |
    (flags.geometryChanged ? FLAG_GEOMETRY_CHANGED : 0) |
    (flags.mayCarryText ? FLAG_MAY_CARRY_TEXT : 0)
  );
}

/**
 * Reserved bits and bytes must be zero in a message of our own minor: someone who sets them means
 * something. A newer minor may use them, and then they are skipped.
 */
export function checkReserved(view: DataView): void {
  const bits = view.getUint8(HEADER_OFFSETS.flags);
  if ((bits & ~FLAGS_KNOWN) !== 0) throw reservedFault('flags', HEADER_OFFSETS.flags, bits);
  for (let offset = HEADER_OFFSETS.reserved; offset < HEADER_OFFSETS.payloadLength; offset += 1) {
    const value = view.getUint8(offset);
    if (value !== 0) throw reservedFault('reserved', offset, value);
  }
  for (let offset = HEADER_OFFSETS.reservedTail; offset < HEADER_BYTES; offset += 1) {
    const value = view.getUint8(offset);
    if (value !== 0) throw reservedFault('reserved', offset, value);
  }
}

function reservedFault(field: string, offsetBytes: number, received: number): Error {
  const expected = field === 'flags' ? 'bits 3 to 7 zero' : '0';
  return fieldError('ECHOLINE_FRAME_FIELD', { field, offsetBytes, expected, received });
}
