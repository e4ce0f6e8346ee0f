import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offsetOf, RECORD_BYTES } from '../../src/cli/training/shard-record.js';
import type * as writer from '../../src/cli/training/write-training-shards.js';

const ROOT = join(import.meta.dirname, '..', '..');
// Inside the checkout, so that the bundle finds the packages.
const WORKPLACE = join(ROOT, '.cache', `shards-${process.pid}`);
let writeTrainingShards: typeof writer.writeTrainingShards;

beforeAll(async () => {
  mkdirSync(WORKPLACE, { recursive: true });
  const folder = join(ROOT, 'src', 'cli', 'training');
  await build({
    entryPoints: [join(folder, 'write-training-shards.ts'), join(folder, 'shard-worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: WORKPLACE,
    logLevel: 'warning',
  });
  const script = pathToFileURL(join(WORKPLACE, 'write-training-shards.js')).href;
  ({ writeTrainingShards } = (await import(script)) as {
    writeTrainingShards: typeof writer.writeTrainingShards;
  });
});
afterAll(() => rmSync(WORKPLACE, { recursive: true, force: true }));

describe('Writing training shards with two processes', () => {
  it('gives complete files, an index of them, and progress', async () => {
    const directory = join(WORKPLACE, 'set');
    const progress: number[] = [];
    await writeTrainingShards({
      directory,
      records: 7,
      seed: 3,
      dataDirectory: null,
      recordsPerFile: 2,
      onProgress: ({ recordsDone }) => progress.push(recordsDone),
    });
    const index = JSON.parse(readFileSync(join(directory, 'shards.json'), 'utf8'));
    expect(index).toMatchObject({
      format: 'echoline-shards/1',
      seed: 3,
      records: 7,
      recordBytes: RECORD_BYTES,
    });
    expect(index.classes[1]).toBe('nerve');
    expect(index.fields[0]).toEqual({
      name: 'input',
      dtype: 'u1',
      shape: [3, 256, 256],
      offset: offsetOf('input'),
    });
    const files = index.files as { readonly file: string; readonly records: number }[];
    expect(files.map((entry) => entry.records)).toEqual([2, 2, 2, 1]);
    for (const { file, records } of files) {
      expect(statSync(join(directory, file)).size).toBe(records * RECORD_BYTES);
    }
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(progress.at(-1)).toBe(7);
  });

  it('fails when the directory cannot be made', async () => {
    const blocked = join(WORKPLACE, 'set', 'shards.json', 'below-a-file');
    const attempt = writeTrainingShards({
      directory: blocked,
      records: 2,
      seed: 1,
      dataDirectory: null,
    });
    await expect(attempt).rejects.toThrow();
  });
});
