import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordReader, writeRecord } from '../../src/engine/record-stream.js';

interface Record {
  readonly head: { readonly text: string; readonly number: number };
  readonly body: Uint8Array;
}

const anyRecord: fc.Arbitrary<Record> = fc.record({
  head: fc.record({ text: fc.string({ unit: 'grapheme' }), number: fc.integer() }),
  body: fc.uint8Array({ maxLength: 300 }),
});

function bytesOf(records: readonly Record[]): Buffer {
  const stream = new PassThrough({ highWaterMark: 1 << 24 });
  for (const { head, body } of records) writeRecord(stream, head, body);
  return (stream.read() as Buffer | null) ?? Buffer.alloc(0);
}

function readIn(chunks: readonly Buffer[]): Record[] {
  const heard: Record[] = [];
  const read = createRecordReader((head, body) => {
    heard.push({ head: head as Record['head'], body: new Uint8Array(body) });
  });
  for (const chunk of chunks) read(chunk);
  return heard;
}

describe('a stream of records', () => {
  it('brings a body of text as its bytes', () => {
    const stream = new PassThrough();
    writeRecord(stream, { text: 'ä', number: 1 }, '{"é":1}');
    const [record] = readIn([stream.read() as Buffer]);
    expect(Buffer.from(record?.body ?? []).toString()).toBe('{"é":1}');
  });

  it('brings every record back, wherever the bytes are cut', () => {
    const anyCuts = fc.array(fc.nat({ max: 2000 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 5 }), anyCuts, (records, cuts) => {
        const bytes = bytesOf(records);
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
        edges.sort((a, b) => a - b);
        const chunks = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
        expect(readIn(chunks)).toEqual(records.map(({ head, body }) => ({ head, body })));
      }),
    );
  });

  it('brings records back byte by byte', () => {
    const records = [
      { head: { text: 'é', number: 1 }, body: new Uint8Array(0) },
      { head: { text: '', number: -1 }, body: new Uint8Array([1, 2, 3]) },
    ];
    const bytes = bytesOf(records);
    const single = Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
    expect(readIn(single)).toEqual(records);
  });

  it('leaves a body to its reader: later records do not change it', () => {
    const bodies: Uint8Array[] = [];
    const read = createRecordReader((_head, body) => bodies.push(body));
    const bytes = bytesOf([{ head: { text: 'a', number: 1 }, body: new Uint8Array(200).fill(1) }]);
    const next = bytesOf([{ head: { text: 'a', number: 1 }, body: new Uint8Array(200).fill(2) }]);
    read(bytes.subarray(0, 50));
    read(bytes.subarray(50));
    read(next.subarray(0, 50));
    read(next.subarray(50));
    expect(bodies.map((body) => new Set(body))).toEqual([new Set([1]), new Set([2])]);
  });
});
