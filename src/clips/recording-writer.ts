import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Frame } from '../domain/frame.js';
import type { GroundTruth } from '../domain/ground-truth.js';
import {
  CLIP_FILE,
  type ClipInfo,
  FRAMES_FILE,
  type FrameLine,
  LABELS_FILE,
  PAYLOADS_FILE,
  TRUTH_FILE,
  type TruthLine,
} from './recording-format.js';

/**
 * Writes an Echoline clip folder. Writes are handed to the system in order; `pendingBytes` tells
 * how much of it still waits in memory, so that callers can slow down or leave frames out.
 */
export class RecordingWriter {
  readonly directory: string;
  readonly #streams = new Map<string, WriteStream>();
  readonly #onProblem: (problem: Error) => void;
  #payloadBytes = 0;
  #labelBytes = 0;
  #position = 0;
  #closing: Promise<void> | null = null;

  /**
   * Makes the folder (its parents too) and writes `clip.json`.
   *
   * @param onProblem - called when the disk refuses something; writing goes on as far as it can
   */
  constructor(directory: string, info: ClipInfo, onProblem: (problem: Error) => void) {
    this.directory = directory;
    this.#onProblem = onProblem;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, CLIP_FILE), `${JSON.stringify(info, null, 2)}\n`);
    this.#stream(PAYLOADS_FILE);
    this.#stream(FRAMES_FILE);
  }

  /** Bytes that wait in memory. */
  get pendingBytes(): number {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.writableLength;
    return bytes;
  }

  /** Appends a frame, with its truth where that is known. The payload must not change any more. */
  frame(frame: Frame, receivedAtUs: number | null, truth: GroundTruth | null): void {
    const { payload, ...meta } = frame;
    const extent = { offsetBytes: this.#payloadBytes, lengthBytes: payload.length };
    this.#write(PAYLOADS_FILE, payload);
    this.#payloadBytes += payload.length;
    const line = { payload: extent, receivedAtUs, frame: meta };
    this.line(FRAMES_FILE, line satisfies ReadonlyDeep<FrameLine>);
    if (truth !== null) this.#truth(truth);
    this.#position += 1;
  }

  /** Appends a JSON line to a file of the folder. */
  line(file: string, content: object): void {
    this.#write(file, `${JSON.stringify(content)}\n`);
  }

  /** Resolves when everything handed over so far is on its way to disk. */
  async drained(): Promise<void> {
    for (const stream of this.#streams.values()) {
      if (stream.writableNeedDrain && !stream.destroyed) await drainOrClose(stream);
    }
  }

  /** Flushes and closes all files. May be called again. */
  close(): Promise<void> {
    this.#closing ??= Promise.all(
      [...this.#streams.values()].map(
        (stream) =>
          new Promise<void>((done) => {
            stream.once('close', () => done());
            stream.end();
            if (stream.closed) done();
          }),
      ),
    ).then(() => undefined);
    return this.#closing;
  }

  #truth(truth: GroundTruth): void {
    const { labels, ...rest } = truth;
    const packed = deflateSync(labels.data, { level: 1 });
    const { data: _pixels, ...map } = labels;
    const data = { offsetBytes: this.#labelBytes, lengthBytes: packed.length };
    this.#write(LABELS_FILE, packed);
    this.#labelBytes += packed.length;
    const line = { position: this.#position, ...rest, labels: { ...map, data } };
    this.line(TRUTH_FILE, line satisfies ReadonlyDeep<TruthLine>);
  }

  #write(file: string, content: Uint8Array | string): void {
    if (this.#closing === null) this.#stream(file).write(content);
  }

  #stream(file: string): WriteStream {
    const known = this.#streams.get(file);
    if (known !== undefined) return known;
    const stream = createWriteStream(join(this.directory, file), { flags: 'wx' });
    stream.on('error', this.#onProblem);
    this.#streams.set(file, stream);
    return stream;
  }
}

function drainOrClose(stream: WriteStream): Promise<void> {
  return new Promise((done) => {
    const finish = () => {
      stream.off('drain', finish);
      stream.off('close', finish);
      done();
    };
    stream.on('drain', finish);
    stream.on('close', finish);
  });
}

/** The types of what is written are read-only; the schemas' are not. */
type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;
