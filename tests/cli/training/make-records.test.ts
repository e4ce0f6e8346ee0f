import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRecords } from '../../../src/cli/training/make-records.js';
import { type ShardFile, ShardFileWriter } from '../../../src/cli/training/shard-file-writer.js';
import { RECORD_BYTES, type ShardRecord } from '../../../src/cli/training/shard-record.js';
import type {
  ShardMix,
  ShardWorkerOrder,
} from '../../../src/cli/training/shard-worker-messages.js';
import { createRandom } from '../../../src/phantom/random.js';

const NOTHING: ShardMix = { phantom: 0, composite: 0, real: 0, other: 0, heldout: 0 };
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'echoline-records-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function order(changes: Partial<ShardWorkerOrder>): ShardWorkerOrder {
  return {
    directory,
    records: 8,
    seed: 5,
    worker: 0,
    workers: 1,
    dataDirectory: null,
    mix: { ...NOTHING, phantom: 1 },
    recordsPerFile: 8,
    ...changes,
  };
}

/** The records with their own copies of what the encoder would have copied. */
async function collect(changes: Partial<ShardWorkerOrder>): Promise<ShardRecord[]> {
  const records: ShardRecord[] = [];
  await makeRecords(order(changes), (record) => {
    records.push({ ...record, input: record.input.slice() });
  });
  return records;
}

/** A digest of everything in the records: comparing megabytes element by element takes seconds. */
function digest(records: readonly ShardRecord[]): string {
  const hash = createHash('sha256');
  for (const { input, labels, shaftMask, ...rest } of records) {
    hash.update(input).update(labels).update(shaftMask).update(JSON.stringify(rest));
  }
  return hash.digest('hex');
}

async function drawSpeckle(set: string, name: string): Promise<void> {
  const random = createRandom(9);
  const data = Buffer.alloc(160 * 160);
  for (let i = 0; i < data.length; i++) data[i] = 20 + 90 * Math.abs(random.gaussian());
  mkdirSync(join(directory, set), { recursive: true });
  await sharp(data, { raw: { width: 160, height: 160, channels: 1 } })
    .png()
    .toFile(join(directory, set, name));
}

describe('Training records', () => {
  // One order of several clips, made once: rendering is what takes the time.
  let records: readonly ShardRecord[] = [];
  beforeAll(async () => {
    records = await collect({ records: 16 });
  });

  it('are the same again for the same order', async () => {
    expect(records).toHaveLength(16);
    const firstTwo = digest(records.slice(0, 2));
    expect(digest(await collect({ records: 2 }))).toBe(firstTwo);
    expect(digest(await collect({ records: 2, seed: 6 }))).not.toBe(firstTwo);
  });

  it('begin each clip without history and give the later frames motion', () => {
    const neutral = records.filter((record) => !record.hasHistory);
    expect(neutral.length / records.length).toBeGreaterThanOrEqual(0.25);
    expect(neutral.length).toBeLessThan(records.length);
    const plane = 256 * 256;
    for (const record of records) {
      const isNeutral = record.input.subarray(plane).every((value) => value === 128);
      expect(isNeutral).toBe(!record.hasHistory);
    }
  });

  it('hold the frames of a clip in one group', () => {
    const spacingOf = new Map(records.map((record) => [record.group, String(record.spacing)]));
    expect(spacingOf.size).toBeGreaterThan(2);
    for (const record of records) {
      expect(String(record.spacing)).toBe(spacingOf.get(record.group));
    }
  });

  it('show pictures without anatomy as such', async () => {
    const made = await collect({ mix: { ...NOTHING, other: 1 }, records: 16 });
    for (const record of made) {
      expect(record).toMatchObject({ source: 'other', needlePresent: false, tip: null });
    }
    // Nobody says what contact is in a water tank; air and black screens have none.
    expect(new Set(made.map(({ contact }) => contact))).toContain(0);
  });

  it('show a real frame as a needle-free still without millimetres', async () => {
    await drawSpeckle('timtrack/dataset4', 'SampleB__GM_P_1.png');
    const mix = { ...NOTHING, real: 1 };
    const [record] = await collect({ mix, dataDirectory: directory, records: 1 });
    expect(record).toMatchObject({
      source: 'real-needle-free',
      needlePresent: false,
      hasHistory: false,
      spacing: null,
      imageQuality: null,
    });
    // SampleB is held out.
    expect((record?.group ?? 0) >>> 31).toBe(1);
  });

  it('fall back to the phantom where there is no real data', async () => {
    const mix = { ...NOTHING, phantom: 0.1, composite: 10, real: 10 };
    const dataDirectory = join(directory, 'nowhere');
    const made = await collect({ mix, dataDirectory, records: 2 });
    expect(made.map((record) => record.source)).toEqual(['phantom', 'phantom']);
  });
});

describe('The shard file writer', () => {
  it('shows a file only when it is complete', async () => {
    const files: ShardFile[] = [];
    const writer = new ShardFileWriter(directory, 'shard-0', 2, (file) => files.push(file));
    const [record] = await collect({ records: 1, mix: { ...NOTHING, other: 1 } });
    if (record === undefined) throw new Error('no record');
    writer.write(record);
    expect(files).toEqual([]);
    expect(() => readFileSync(join(directory, 'shard-0-0000.bin'))).toThrow('ENOENT');
    writer.write(record);
    writer.write(record);
    writer.close();
    writer.close();
    expect(files).toEqual([
      { file: 'shard-0-0000.bin', records: 2 },
      { file: 'shard-0-0001.bin', records: 1 },
    ]);
    expect(readFileSync(join(directory, 'shard-0-0000.bin'))).toHaveLength(2 * RECORD_BYTES);
  });
});
