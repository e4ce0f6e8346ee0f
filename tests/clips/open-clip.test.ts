import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { writeClip } from '../../src/clips/write-clip.js';
import type { Clip } from '../../src/domain/clip.js';
import { frameOf } from '../support/test-frame.js';

const IMAGE = { widthPx: 8, heightPx: 8, strideBytes: 8, data: new Uint8Array(64) };
const OWN_TIME = { fps: null };
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'echoline-open-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function record(name: string): Promise<void> {
  const clip: Clip = {
    name,
    frameCount: 1,
    widthPx: 8,
    heightPx: 8,
    isSimulated: true,
    async *frames() {
      yield { frame: frameOf(IMAGE), truth: null, file: null };
    },
  };
  await writeClip(join(directory, name), clip, () => undefined);
}

describe('a folder of recordings', () => {
  it('stands for the recording in it when there is one', async () => {
    await record('demo-20261124T093000Z');
    const clip = await openClip(directory, OWN_TIME);
    expect(clip).toMatchObject({ name: 'demo-20261124T093000Z', isSimulated: true });
  });

  it('names what is in it when there are several (ECHOLINE_CLIP_EMPTY)', async () => {
    await record('bed-10');
    await record('bed-9');
    writeFileSync(join(directory, 'bone.igs.mha'), '');
    await expect(openClip(directory, OWN_TIME)).rejects.toMatchObject({
      code: 'ECHOLINE_CLIP_EMPTY',
      message: expect.stringContaining('found 3. Give one of them: bed-9, bed-10, bone.igs.mha'),
    });
  });

  it('is an image folder when images lie beside them', async () => {
    await record('bed-1');
    writeFileSync(join(directory, '1.png'), 'no PNG');
    expect(await openClip(directory, OWN_TIME)).toMatchObject({ frameCount: 1 });
    expect((await openClip(directory, OWN_TIME)).isSimulated).toBe(false);
  });

  it('is told to be empty when it holds other folders only (ECHOLINE_CLIP_EMPTY)', async () => {
    mkdirSync(join(directory, 'notes'));
    await expect(openClip(directory, OWN_TIME)).rejects.toMatchObject({
      code: 'ECHOLINE_CLIP_EMPTY',
    });
  });
});
