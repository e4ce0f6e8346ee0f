import sharp from 'sharp';
import { EcholineError } from '../../domain/errors.js';
import type { GridSize } from '../../kernels/kernels.js';

/** Largest image that is ever decompressed, pixels; a PNG of a few KB can claim far more. */
export const DECODED_PIXELS_MAX = 4096 * 4096;

const SIGNATURES = {
  jpeg: [0xff, 0xd8, 0xff],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
} as const;

/** Pixels as they were decoded: gray, one byte each, or colour, four bytes each (R, G, B, any). */
export interface DecodedPixels {
  readonly kind: 'gray' | 'rgba';
  readonly data: Uint8Array;
}

let isPrepared = false;

/**
 * Decodes a JPEG or PNG with libvips. Colour is left as colour: the caller turns it into gray with
 * the kernel that raw colour goes through, so that a picture looks the same in every format
 * (libvips weighs linear light, which makes a saturated green half as bright again).
 *
 * The header's size is the limit that the decoder gets, so that an image that turns out larger is
 * refused before its pixels are unpacked. Decoder warnings count as errors: half an image is no
 * image. Only the two buffer loaders are allowed, in the whole process, for the same reason that a
 * browser has no TIFF reader.
 *
 * @throws EcholineError ECHOLINE_FRAME_DECODE
 */
export async function decodeCompressed(
  format: 'jpeg' | 'png',
  payload: Uint8Array,
  { width, height }: GridSize,
): Promise<DecodedPixels> {
  prepareSharp();
  const pixels = width * height;
  const expected = `Expected a ${format.toUpperCase()} of ${width} × ${height}`;
  if (SIGNATURES[format].some((byte, index) => payload[index] !== byte)) {
    const came = Buffer.from(payload.subarray(0, 8)).toString('hex') || 'nothing';
    throw failure(`${expected}; the payload starts with ${came}.`, payload);
  }
  if (pixels < 1 || pixels > DECODED_PIXELS_MAX) {
    throw failure(`${expected}; the limit is ${DECODED_PIXELS_MAX} pixels.`, payload);
  }
  const { data, info } = await unpack(payload, pixels).catch((cause) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw failure(`${expected}; the decoder said: ${said}.`, payload, cause);
  });
  if (info.width !== width || info.height !== height) {
    const came = `${info.width} × ${info.height}`;
    throw failure(`${expected}; the image has ${came}. Send its true size.`, payload);
  }
  return { kind: info.channels === 1 ? 'gray' : 'rgba', data };
}

/** One byte a pixel for a gray image, four for any other. */
async function unpack(payload: Uint8Array, pixelsMax: number) {
  const image = sharp(payload, { failOn: 'warning', limitInputPixels: pixelsMax });
  const { space = 'srgb' } = await image.metadata();
  const isGray = space === 'b-w' || space === 'grey16';
  const channels = isGray
    ? image.removeAlpha().toColourspace('b-w')
    : image.toColourspace('srgb').ensureAlpha();
  return channels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}

/** One thread (the second core is the sockets'), no cache, two loaders. Once a process. */
function prepareSharp(): void {
  if (isPrepared) return;
  isPrepared = true;
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });
}

function failure(message: string, payload: Uint8Array, cause?: unknown): EcholineError {
  const details = { payloadBytes: payload.length };
  return new EcholineError('ECHOLINE_FRAME_DECODE', message, details, { cause });
}
