import type { Writable } from 'node:stream';

/** Before each record: bytes of its head, bytes of its body, both u32 little-endian. */
const PREFIX_BYTES = 8;

/**
 * Writes one record, a head as JSON and a body, to a socket between two processes of one machine. A
 * body of bytes is not copied: it must not change until it has left.
 *
 * @param head - survives JSON: no NaN, no typed array
 */
export function writeRecord(stream: Writable, head: object, body: Uint8Array | string = ''): void {
  const text = JSON.stringify(head);
  const isText = typeof body === 'string';
  const headBytes = Buffer.byteLength(text);
  const bodyBytes = Buffer.byteLength(body);
  const start = Buffer.allocUnsafe(PREFIX_BYTES + headBytes + (isText ? bodyBytes : 0));
  start.writeUInt32LE(headBytes, 0);
  start.writeUInt32LE(bodyBytes, 4);
  start.write(text, PREFIX_BYTES);
  if (isText) {
    start.write(body, PREFIX_BYTES + headBytes);
    stream.write(start);
    return;
  }
  stream.cork();
  stream.write(start);
  stream.write(body);
  stream.uncork();
}

/**
 * Puts records together from chunks of any size; returns the function that takes a chunk. Both ends
 * are ours, so nothing is checked.
 *
 * @param onRecord - hears each record; the body is the caller's to keep
 */
export function createRecordReader(
  onRecord: (head: unknown, body: Uint8Array) => void,
): (chunk: Buffer) => void {
  /** The beginning of a record, in a buffer that holds as much of it as is known. */
  let pending: Buffer | null = null;
  let filledBytes = 0;

  function emit(record: Buffer): void {
    const headEnd = PREFIX_BYTES + record.readUInt32LE(0);
    const head: unknown = JSON.parse(record.toString('utf8', PREFIX_BYTES, headEnd));
    onRecord(head, record.subarray(headEnd));
  }

  /** Adds to the pending record; returns what is left of the chunk. */
  function fill(target: Buffer, chunk: Buffer): Buffer {
    const taken = chunk.copy(target, filledBytes);
    filledBytes += taken;
    if (filledBytes === target.length) {
      const wholeBytes = recordBytes(target);
      if (wholeBytes === filledBytes) {
        pending = null;
        emit(target);
      } else {
        pending = Buffer.allocUnsafe(wholeBytes);
        target.copy(pending);
      }
    }
    return chunk.subarray(taken);
  }

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (pending !== null) {
        rest = fill(pending, rest);
        continue;
      }
      const wholeBytes = rest.length < PREFIX_BYTES ? PREFIX_BYTES : recordBytes(rest);
      if (rest.length >= wholeBytes) {
        emit(rest.subarray(0, wholeBytes));
        rest = rest.subarray(wholeBytes);
      } else {
        pending = Buffer.allocUnsafe(wholeBytes);
        filledBytes = 0;
      }
    }
  };
}

function recordBytes(start: Buffer): number {
  return PREFIX_BYTES + start.readUInt32LE(0) + start.readUInt32LE(4);
}
