import sharp from 'sharp';
import { EcholineError } from '../domain/errors.js';
import { putYcc } from './colour.js';
import type { DicomImage } from './dicom-image.js';
import { isGrayPalette } from './dicom-palette.js';
import { decodeRle } from './dicom-rle.js';

/** A decoded frame: one byte a pixel, or red, green, blue; rows without gaps. */
export interface DicomPicture {
  readonly kind: 'gray' | 'rgb';
  readonly data: Uint8Array;
}

/** APP14 of Adobe with transform 0: three components are red, green and blue. */
const RGB_MARKER = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/**
 * Decodes one frame of any supported packing and colour.
 *
 * @param bytes - the frame's bytes in the file
 * @param place - for messages, e.g. `clip.dcm: frame 3`
 * @throws EcholineError ECHOLINE_CLIP_DATA
 */
export async function decodeDicomFrame(
  image: DicomImage,
  bytes: Buffer,
  place: string,
): Promise<DicomPicture> {
  if (image.compression === 'jpeg') return decodeJpeg(image, bytes, place);
  if (image.compression === 'none') return interpret(image, bytes, image.isPlanar);
  const pixels = image.widthPx * image.heightPx;
  return interpret(image, decodeRle(bytes, image.samples, pixels, place), true);
}

function interpret(image: DicomImage, raw: Uint8Array, isPlanar: boolean): DicomPicture {
  switch (image.colour) {
    case 'MONOCHROME2':
      return { kind: 'gray', data: raw };
    case 'MONOCHROME1':
      return { kind: 'gray', data: raw.map((value) => 255 - value) };
    case 'PALETTE COLOR':
      return lookedUp(image.palette ?? new Uint8Array(768), raw);
    case 'RGB':
      return { kind: 'rgb', data: isPlanar ? interleaved(raw) : raw };
    case 'YBR_FULL':
      return { kind: 'rgb', data: fromYbr(isPlanar ? interleaved(raw) : raw) };
    case 'YBR_FULL_422':
      return { kind: 'rgb', data: fromYbr422(raw) };
  }
}

function lookedUp(palette: Uint8Array, raw: Uint8Array): DicomPicture {
  if (isGrayPalette(palette)) {
    return { kind: 'gray', data: raw.map((value) => palette[3 * value] ?? 0) };
  }
  const data = new Uint8Array(3 * raw.length);
  for (let i = 0; i < raw.length; i++) {
    const entry = 3 * (raw[i] ?? 0);
    data[3 * i] = palette[entry] ?? 0;
    data[3 * i + 1] = palette[entry + 1] ?? 0;
    data[3 * i + 2] = palette[entry + 2] ?? 0;
  }
  return { kind: 'rgb', data };
}

function interleaved(planes: Uint8Array): Uint8Array {
  const pixels = planes.length / 3;
  const data = new Uint8Array(planes.length);
  for (let i = 0; i < pixels; i++) {
    data[3 * i] = planes[i] ?? 0;
    data[3 * i + 1] = planes[pixels + i] ?? 0;
    data[3 * i + 2] = planes[2 * pixels + i] ?? 0;
  }
  return data;
}

function fromYbr(raw: Uint8Array): Uint8Array {
  const data = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 3) {
    putYcc(data, i, raw[i] ?? 0, raw[i + 1] ?? 0, raw[i + 2] ?? 0);
  }
  return data;
}

/** Two pixels are four bytes: both lumas, then the chroma that they share (PS3.3 C.7.6.3.1.2). */
function fromYbr422(raw: Uint8Array): Uint8Array {
  const data = new Uint8Array((raw.length / 2) * 3);
  for (let from = 0, to = 0; from + 3 < raw.length; from += 4, to += 6) {
    const blue = raw[from + 2] ?? 0;
    const red = raw[from + 3] ?? 0;
    putYcc(data, to, raw[from] ?? 0, blue, red);
    putYcc(data, to + 3, raw[from + 1] ?? 0, blue, red);
  }
  return data;
}

async function decodeJpeg(image: DicomImage, bytes: Buffer, place: string): Promise<DicomPicture> {
  const { widthPx, heightPx, colour } = image;
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) {
    throw jpegError(place, 'the fragment does not start as a JPEG');
  }
  // A decoder takes three unmarked components for YCbCr; DICOM's word counts.
  const jpeg = colour === 'RGB' && !saysItsColours(bytes) ? withRgbMarker(bytes) : bytes;
  const pixels = widthPx * heightPx;
  const isGray = image.samples === 1;
  const decoded = await sharp(jpeg, { failOn: 'warning', limitInputPixels: pixels })
    .removeAlpha()
    .toColourspace(isGray ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw jpegError(place, `its JPEG cannot be decoded: ${words}`, cause);
    });
  const { width, height, channels } = decoded.info;
  if (width !== widthPx || height !== heightPx || channels !== image.samples) {
    const came = `${width} × ${height} with ${channels} channels`;
    const expected = `${widthPx} × ${heightPx} with ${image.samples}`;
    throw jpegError(place, `its JPEG is ${came}, the header says ${expected}`);
  }
  return isGray ? interpret(image, decoded.data, false) : { kind: 'rgb', data: decoded.data };
}

/** Whether a JPEG has a JFIF or Adobe marker before its scan: then it says what its colours are. */
function saysItsColours(jpeg: Buffer): boolean {
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xe0 || marker === 0xee) return true;
    if (marker === 0xda) return false;
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return false;
}

function withRgbMarker(jpeg: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), RGB_MARKER, jpeg.subarray(2)]);
}

function jpegError(place: string, what: string, cause?: unknown): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${place}: ${what}. The file is cut off or damaged; copy or export it again.`,
    {},
    { cause },
  );
}
