import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareNaturally } from '../../src/clips/natural-order.js';
import { openClip } from '../../src/clips/open-clip.js';
import { framesOf, refusalOf, scratchFolder } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };

function image(width: number, format: 'png' | 'jpeg'): Promise<Buffer> {
  const blank = sharp({ create: { width, height: 6, channels: 3, background: '#808080' } });
  return blank.toFormat(format).toBuffer();
}

describe('a folder of images', () => {
  it('comes in natural order, each file as it is, with what its first bytes say', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'f10.png'), await image(10, 'png'));
    writeFileSync(join(folder, 'f2.png'), await image(8, 'jpeg'));
    writeFileSync(join(folder, 'F1.JPG'), await image(9, 'jpeg'));
    writeFileSync(join(folder, 'notes.txt'), 'not an image');
    writeFileSync(join(folder, '.hidden.png'), 'not shown');
    const clip = await openClip(folder, OWN_TIMES);
    const frames = await framesOf(clip);
    expect(clip.frameCount).toBe(3);
    expect(frames.map(({ file }) => file)).toEqual(['F1.JPG', 'f2.png', 'f10.png']);
    expect(frames.map(({ frame }) => frame.format)).toEqual(['jpeg', 'jpeg', 'png']);
    expect(frames.map(({ frame }) => frame.widthPx)).toEqual([9, 8, 10]);
    expect(frames.map(({ frame }) => frame.captureTimeUs)).toEqual([0, 33_333, 66_667]);
    expect(frames[0]?.frame).toMatchObject({ spacing: null, orientation: 'unknown' });
  });

  it('offers a broken file as it is, with the size of the clip', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, '1.png'), 'broken');
    writeFileSync(join(folder, '2.png'), await image(10, 'png'));
    const frames = await framesOf(await openClip(folder, { fps: 10 }));
    expect(frames.map(({ frame }) => frame.widthPx)).toEqual([10, 10]);
    expect(Buffer.from(frames[0]?.frame.payload ?? []).toString()).toBe('broken');
    expect(frames[1]?.frame.captureTimeUs).toBe(100_000);
  });

  it('may be a single file, also one that only calls itself an image', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'one.png');
    writeFileSync(path, await image(10, 'png'));
    expect((await openClip(path, OWN_TIMES)).frameCount).toBe(1);
    const broken = join(folder, 'two.jpg');
    writeFileSync(broken, 'broken');
    const [only] = await framesOf(await openClip(broken, OWN_TIMES));
    expect(only?.frame).toMatchObject({ format: 'jpeg', widthPx: 1, heightPx: 1 });
  });

  it('is refused when it holds no image, or too large a one', async () => {
    const folder = scratchFolder();
    expect((await refusalOf(openClip(folder, OWN_TIMES))).code).toBe('ECHOLINE_CLIP_EMPTY');
    writeFileSync(join(folder, 'a.png'), Buffer.alloc(64 * 1024 * 1024 + 1));
    expect((await refusalOf(openClip(folder, OWN_TIMES))).code).toBe('ECHOLINE_CLIP_LIMIT');
  });
});

describe('openClip', () => {
  it('says that nothing is there (ECHOLINE_CLIP_NOT_FOUND)', async () => {
    const refused = await refusalOf(openClip('/nowhere/clip', OWN_TIMES));
    expect(refused.code).toBe('ECHOLINE_CLIP_NOT_FOUND');
    expect(refused.message).toContain('/nowhere/clip');
  });

  it('says what it can read instead of a file that is no clip (ECHOLINE_CLIP_UNKNOWN_FORMAT)', async () => {
    const path = join(scratchFolder(), 'clip.txt');
    for (const content of ['hello', '', 'RIFF....WAVE']) {
      writeFileSync(path, content);
      const refused = await refusalOf(openClip(path, OWN_TIMES));
      expect(refused.code).toBe('ECHOLINE_CLIP_UNKNOWN_FORMAT');
      expect(refused.message).toContain('.igs.mha');
    }
  });
});

describe('natural order', () => {
  it('counts, and is total', () => {
    const names = ['b1', 'a10', 'a2', 'a02', 'A2', 'a1'];
    const sorted = [...names].sort(compareNaturally);
    expect(sorted.slice(0, 1)).toEqual(['a1']);
    expect(sorted.slice(-2)).toEqual(['a10', 'b1']);
    expect([...names].reverse().sort(compareNaturally)).toEqual(sorted);
  });
});
