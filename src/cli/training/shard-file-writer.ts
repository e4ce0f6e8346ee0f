import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecord, RECORD_BYTES, type ShardRecord } from './shard-record.js';

/** A finished file of records. */
export interface ShardFile {
  readonly file: string;
  readonly records: number;
}

/**
 * Writes records into numbered files of at most `recordsPerFile`. A file appears under its name
 * when it is complete; until then it ends in `.part`, so that a reader never maps half a file.
 */
export class ShardFileWriter {
  readonly #directory: string;
  readonly #prefix: string;
  readonly #recordsPerFile: number;
  readonly #onFile: (file: ShardFile) => void;
  readonly #buffer = new Uint8Array(RECORD_BYTES);
  #handle: number | null = null;
  #inFile = 0;
  #files = 0;

  constructor(
    directory: string,
    prefix: string,
    recordsPerFile: number,
    onFile: (file: ShardFile) => void,
  ) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#prefix = prefix;
    this.#recordsPerFile = recordsPerFile;
    this.#onFile = onFile;
  }

  /** Appends one record. */
  write(record: ShardRecord): void {
    this.#handle ??= openSync(this.#partPath(), 'w');
    encodeRecord(record, this.#buffer, 0);
    writeSync(this.#handle, this.#buffer);
    this.#inFile++;
    if (this.#inFile === this.#recordsPerFile) this.close();
  }

  /** Completes the file that is being written, if any. May be called again. */
  close(): void {
    if (this.#handle === null) return;
    closeSync(this.#handle);
    this.#handle = null;
    const file = this.#name();
    renameSync(this.#partPath(), join(this.#directory, file));
    const records = this.#inFile;
    this.#inFile = 0;
    this.#files++;
    this.#onFile({ file, records });
  }

  #name(): string {
    return `${this.#prefix}-${String(this.#files).padStart(4, '0')}.bin`;
  }

  #partPath(): string {
    return join(this.#directory, `${this.#name()}.part`);
  }
}

/** Replaces a file in one step, so that a reader sees the old or the new text. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}
