import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRealFrame } from '../../../src/cli/training/real-frame.js';
import { listRealFrames } from '../../../src/cli/training/real-frame-sets.js';
import { recordGroup } from '../../../src/cli/training/record-group.js';
import { LABEL_NEITHER, LABEL_VESSEL } from '../../../src/cli/training/shard-record.js';
import { decodeCompressed } from '../../../src/pipeline/decode/decode-compressed.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'echoline-real-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function picture(path: string, red: number, green: number, half: number): Promise<void> {
  const data = Buffer.alloc(32 * 32 * 3);
  for (let y = 0; y < 32; y++) {
    for (let x = half; x < 32; x++) {
      data[(y * 32 + x) * 3] = red;
      data[(y * 32 + x) * 3 + 1] = green;
    }
  }
  mkdirSync(join(path, '..'), { recursive: true });
  await sharp(data, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toFile(path);
}

describe('The list of real frames', () => {
  it('keeps neighbouring numbers and near-duplicates in one group and on one side', async () => {
    const folder = join(directory, 'usgra-seg');
    for (const number of ['0000', '0004', '0015', '0016', '0047']) {
      await picture(join(folder, 'images', `${number}.png`), 0, 0, 0);
    }
    // Block 3 (0015 …) is held out by itself; its double in block 9 is too.
    writeFileSync(
      join(folder, 'NEAR-DUPLICATE-GROUPS.tsv'),
      '# group\tfile\n0\timages/0016.png\n0\timages/0047.png\n1\timages/0000.png\n',
    );
    const frames = listRealFrames(directory);
    const groups = frames.map((frame) => frame.group);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[2]).toBe(groups[3]);
    expect(groups[3]).toBe(groups[4]);
    expect(groups[0]).not.toBe(groups[2]);
    expect(frames.map((frame) => frame.isValidation)).toEqual([false, false, true, true, true]);
  });

  it('trains on a joined group when any part of it is for training', async () => {
    const folder = join(directory, 'usgra-seg');
    for (const number of ['0000', '0015']) {
      await picture(join(folder, 'images', `${number}.png`), 0, 0, 0);
    }
    const tsv = '0\timages/0000.png\n0\timages/0015.png\n';
    writeFileSync(join(folder, 'NEAR-DUPLICATE-GROUPS.tsv'), tsv);
    expect(listRealFrames(directory).map((frame) => frame.isValidation)).toEqual([false, false]);
  });

  it('reads masks as labels: nerve, undecided vessel, and neither elsewhere', async () => {
    const folder = join(directory, 'usgra-seg');
    await picture(join(folder, 'images', '0000.png'), 90, 90, 0);
    await picture(join(folder, 'masks', '0000.png'), 128, 0, 16);
    await picture(join(folder, 'images', '0001.png'), 90, 90, 0);
    await picture(join(folder, 'masks', '0001.png'), 0, 128, 16);
    const [nerve, vessel] = await Promise.all(listRealFrames(directory).map(readRealFrame));
    expect([nerve?.labels.data[0], nerve?.labels.data[31]]).toEqual([LABEL_NEITHER, 1]);
    expect([vessel?.labels.data[0], vessel?.labels.data[31]]).toEqual([
      LABEL_NEITHER,
      LABEL_VESSEL,
    ]);
  });

  it('can be read after the pipeline has decoded a picture in the same process', async () => {
    const folder = join(directory, 'usgra-seg');
    await picture(join(folder, 'images', '0000.png'), 90, 90, 0);
    await picture(join(folder, 'masks', '0000.png'), 128, 0, 16);
    const png = readFileSync(join(folder, 'images', '0000.png'));
    await decodeCompressed('png', png, { width: 32, height: 32 });
    const [frame] = await Promise.all(listRealFrames(directory).map(readRealFrame));
    expect(frame?.image.widthPx).toBe(32);
    expect(frame?.labels.data[31]).toBe(1);
  });

  it('is empty where there is no data', () => {
    expect(listRealFrames(join(directory, 'nowhere'))).toEqual([]);
  });
});

describe('A record group', () => {
  it('names its set and its side', () => {
    const train = recordGroup('usgra-seg', 'usgra-seg/3', false);
    const held = recordGroup('usgra-seg', 'usgra-seg/3', true);
    expect((train >>> 26) & 31).toBe(3);
    expect(held - train).toBe(2 ** 31);
    expect(recordGroup('usgra-seg', 'usgra-seg/4', false)).not.toBe(train);
  });
});
