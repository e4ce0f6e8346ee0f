import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { EcholineError } from '../domain/errors.js';
import type { MhaHeader } from './mha-header.js';
import { type MhaSequence, pixelBytesOf } from './mha-sequence.js';

const inflateBytes = promisify(inflate);

/**
 * All pixels of a sequence as one byte each, frame after frame.
 *
 * `MET_FLOAT` becomes bytes by this rule over the whole clip: values within 0 to 1 are multiplied
 * by 255; else values within 0 to 255 are taken as they are; else the range from the least to the
 * greatest value is stretched to 0 to 255. Results are rounded; what is not finite becomes 0.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA when the data are shorter than `DimSize` says, do not
 *   inflate, or inflate to another length; inflating stops there
 */
export async function readMhaPixels(
  file: Uint8Array,
  header: MhaHeader,
  sequence: MhaSequence,
): Promise<Uint8Array> {
  const wantedBytes = pixelBytesOf(sequence);
  const stored = file.subarray(header.dataOffsetBytes);
  const raw = sequence.isCompressed
    ? await inflateExactly(stored, header.dataOffsetBytes, sequence, wantedBytes)
    : stored.subarray(0, wantedBytes);
  if (raw.length !== wantedBytes) {
    throw dataError(
      header.dataOffsetBytes,
      `expected ${wantedBytes} bytes of pixels for DimSize, found ${raw.length}`,
    );
  }
  return sequence.elementType === 'MET_UCHAR' ? raw : bytesFromFloats(raw, sequence.isBigEndian);
}

async function inflateExactly(
  stored: Uint8Array,
  offsetBytes: number,
  sequence: MhaSequence,
  wantedBytes: number,
): Promise<Uint8Array> {
  const { compressedBytes } = sequence;
  if (compressedBytes !== null && compressedBytes > stored.length) {
    throw dataError(
      offsetBytes,
      `CompressedDataSize says ${compressedBytes} bytes, the file has ${stored.length}`,
    );
  }
  const packed = compressedBytes === null ? stored : stored.subarray(0, compressedBytes);
  try {
    return await inflateBytes(packed, { maxOutputLength: wantedBytes });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const isTooLong = cause instanceof RangeError;
    throw dataError(
      offsetBytes,
      isTooLong
        ? `the data inflate to more than the ${wantedBytes} bytes that DimSize says`
        : `the compressed data cannot be inflated: ${words}`,
      cause,
    );
  }
}

function dataError(offsetBytes: number, words: string, cause?: unknown): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `Pixel data from byte ${offsetBytes}: ${words}.`,
    { offsetBytes },
    { cause },
  );
}

function bytesFromFloats(raw: Uint8Array, isBigEndian: boolean): Uint8Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const count = raw.byteLength / 4;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = view.getFloat32(i * 4, !isBigEndian);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const [offset, scale] = scaleFor(low, high);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value = view.getFloat32(i * 4, !isBigEndian);
    bytes[i] = Number.isFinite(value) ? Math.round((value - offset) * scale) : 0;
  }
  return bytes;
}

/** Offset and scale of the rule above. */
function scaleFor(low: number, high: number): readonly [number, number] {
  if (low >= 0 && high <= 1) return [0, 255];
  if (low >= 0 && high <= 255) return [0, 1];
  return high > low ? [low, 255 / (high - low)] : [0, 0];
}
