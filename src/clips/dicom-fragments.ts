import { EcholineError } from '../domain/errors.js';

/** A piece of a file. */
export interface Extent {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** Where the pixels are, as the element says. */
export interface PixelElement {
  readonly dataOffset: number;
  readonly length: number;
  readonly hadUndefinedLength?: boolean | undefined;
}

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
const ITEM_HEADER_BYTES = 8;

/**
 * Where each uncompressed frame is.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA unless the pixels are exactly as many as the header says
 *   (and one byte to make the length even)
 */
export function nativeFrames(
  name: string,
  file: Buffer,
  element: PixelElement,
  frameCount: number,
  frameBytes: number,
): readonly Extent[] {
  const { dataOffset, length } = element;
  const wantedBytes = frameCount * frameBytes;
  const there = Math.min(length, file.length - dataOffset);
  if (element.hadUndefinedLength === true) {
    throw dataError(name, dataOffset, 'the pixels have no length though they are not compressed');
  }
  if (length > file.length - dataOffset || there < wantedBytes || length > wantedBytes + 1) {
    throw dataError(
      name,
      dataOffset,
      `expected ${frameCount} frames of ${frameBytes} bytes, together ${wantedBytes}; ` +
        `the element claims ${length} and the file has ${there}`,
    );
  }
  return Array.from({ length: frameCount }, (_, index) => ({
    offsetBytes: dataOffset + index * frameBytes,
    lengthBytes: frameBytes,
  }));
}

/**
 * Where each compressed frame is: its fragments in order (PS3.5 annex A.4). Fragments are matched
 * to frames by their number; else by the offset table; else, for JPEG, by where an image starts.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA when fragments are cut off, or do not make up the frames
 */
export function encapsulatedFrames(
  name: string,
  file: Buffer,
  element: PixelElement,
  frameCount: number,
  isJpeg: boolean,
): readonly (readonly Extent[])[] {
  if (element.hadUndefinedLength !== true) {
    throw dataError(name, element.dataOffset, 'compressed pixels are not in fragments');
  }
  const [table, ...fragments] = readItems(name, file, element.dataOffset);
  const first = fragments[0];
  if (table === undefined || first === undefined) {
    throw dataError(name, element.dataOffset, `expected ${frameCount} frames, found none`);
  }
  if (fragments.length === frameCount) return fragments.map((fragment) => [fragment]);
  if (frameCount === 1) return [fragments];
  const starts = new Set(
    table.lengthBytes === 4 * frameCount
      ? offsetsOf(file, table, first.offsetBytes)
      : fragments.filter((at) => isJpeg && isImageStart(file, at)).map((at) => at.offsetBytes),
  );
  const frames: Extent[][] = [];
  for (const fragment of fragments) {
    if (starts.has(fragment.offsetBytes)) frames.push([]);
    frames.at(-1)?.push(fragment);
  }
  if (frames.length === frameCount) return frames;
  throw dataError(
    name,
    element.dataOffset,
    `expected ${frameCount} frames, found ${fragments.length} fragments that make up ` +
      `${frames.length || fragments.length}`,
  );
}

function readItems(name: string, file: Buffer, start: number): readonly Extent[] {
  const items: Extent[] = [];
  let at = start;
  while (at + ITEM_HEADER_BYTES <= file.length) {
    const tag = file.readUInt16LE(at) * 65_536 + file.readUInt16LE(at + 2);
    if (tag === SEQUENCE_END) return items;
    const lengthBytes = file.readUInt32LE(at + 4);
    const offsetBytes = at + ITEM_HEADER_BYTES;
    if (tag !== ITEM) throw dataError(name, at, 'expected a fragment of pixels');
    if (lengthBytes > file.length - offsetBytes) {
      const there = file.length - offsetBytes;
      throw dataError(name, at, `a fragment claims ${lengthBytes} bytes, the file has ${there}`);
    }
    items.push({ offsetBytes, lengthBytes });
    at = offsetBytes + lengthBytes;
  }
  throw dataError(name, at, `the file ends after ${items.length} fragments, without their end`);
}

/** Starts of frames in the file; the table counts from the first fragment's own header. */
function offsetsOf(file: Buffer, table: Extent, firstOffsetBytes: number): readonly number[] {
  return Array.from(
    { length: table.lengthBytes / 4 },
    (_, index) => file.readUInt32LE(table.offsetBytes + 4 * index) + firstOffsetBytes,
  );
}

function isImageStart(file: Buffer, { offsetBytes, lengthBytes }: Extent): boolean {
  return lengthBytes >= 3 && file.readUIntBE(offsetBytes, 3) === 0xffd8ff;
}

function dataError(name: string, offsetBytes: number, what: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${name}: pixel data at byte ${offsetBytes}: ${what}. The file is cut off or a length in it ` +
      'lies; copy or export it again.',
    { offsetBytes },
  );
}
