const CHUNK_BYTES = 1024 * 1024;
/** A longer line is no line of a recording: it is skipped, so that it cannot fill the memory. */
const LINE_BYTES_MAX = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A part of a file. */
export interface Extent {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** A line of a file and where it lies, so that it can be read again later. */
export interface BlobLine extends Extent {
  readonly text: string;
}

/** The part of a `Blob` that is read; a browser's `File` is one. */
export type ReadableBlob = Pick<Blob, 'size' | 'slice'>;

/**
 * Reads the complete lines of a file in chunks. What follows the last newline is not complete: a
 * recording that was cut off ends there.
 */
export async function* blobLines(blob: ReadableBlob): AsyncGenerator<BlobLine> {
  const decoder = new TextDecoder();
  let rest = new Uint8Array(0);
  let restAt = 0;
  for (let at = 0; at < blob.size; at += CHUNK_BYTES) {
    const chunk = new Uint8Array(await blob.slice(at, at + CHUNK_BYTES).arrayBuffer());
    const bytes = join(rest, chunk);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = bytes.subarray(from, end);
      const text = decoder.decode(line);
      yield { text, offsetBytes: restAt + from, lengthBytes: line.length };
      from = end + 1;
    }
    const isTooLong = bytes.length - from > LINE_BYTES_MAX;
    rest = isTooLong ? new Uint8Array(0) : bytes.slice(from);
    restAt += isTooLong ? bytes.length : from;
  }
}

/** Reads a part of a file as bytes. */
export async function readExtent(
  blob: ReadableBlob,
  extent: Extent,
): Promise<Uint8Array<ArrayBuffer>> {
  const end = extent.offsetBytes + extent.lengthBytes;
  return new Uint8Array(await blob.slice(extent.offsetBytes, end).arrayBuffer());
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
