import { EcholineError } from '../domain/errors.js';

const HEADER_BYTES = 64;
const SEGMENTS_MAX = 15;

/**
 * Decodes one RLE frame (DICOM PS3.5 annex G): a header of 16 numbers, then one run-length coded
 * segment for each sample plane.
 *
 * @param planes - expected number of planes of one byte a pixel
 * @param place - for messages, e.g. `clip.dcm: frame 3`
 * @returns the planes one after the other
 * @throws EcholineError ECHOLINE_CLIP_DATA when the header lies or a segment is too short
 */
export function decodeRle(
  fragment: Buffer,
  planes: number,
  pixels: number,
  place: string,
): Uint8Array {
  const count = fragment.length < HEADER_BYTES ? 0 : fragment.readUInt32LE(0);
  if (count !== planes || count > SEGMENTS_MAX) {
    throw rleError(place, `expected ${planes} RLE segments, the header says ${count}`);
  }
  const decoded = new Uint8Array(planes * pixels);
  for (let plane = 0; plane < planes; plane++) {
    const start = fragment.readUInt32LE(4 + 4 * plane);
    const end = plane + 1 < planes ? fragment.readUInt32LE(8 + 4 * plane) : fragment.length;
    if (start < HEADER_BYTES || start > end || end > fragment.length) {
      throw rleError(place, `segment ${plane} from ${start} to ${end} is not in the fragment`);
    }
    const target = decoded.subarray(plane * pixels, (plane + 1) * pixels);
    const filled = decodeSegment(fragment.subarray(start, end), target);
    if (filled !== pixels) {
      throw rleError(place, `segment ${plane} gives ${filled} of ${pixels} pixels`);
    }
  }
  return decoded;
}

/** PackBits; returns how many bytes of `target` were filled. What is too much is left out. */
function decodeSegment(segment: Uint8Array, target: Uint8Array): number {
  let [from, to] = [0, 0];
  while (from < segment.length && to < target.length) {
    const control = segment[from++] ?? 0;
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    if (control < 128) {
      // Runs are often short: copying byte by byte is quicker than making a view of each.
      const copied = Math.min(length, target.length - to, segment.length - from);
      for (let i = 0; i < copied; i++) target[to + i] = segment[from + i] ?? 0;
      from += length;
      to += copied;
    } else {
      if (from >= segment.length) break;
      target.fill(segment[from++] ?? 0, to, to + length);
      to = Math.min(to + length, target.length);
    }
  }
  return to;
}

function rleError(place: string, what: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${place}: ${what}. The file is cut off or damaged; copy or export it again.`,
  );
}
