import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { type InferLine, inferCommand } from '../../../src/cli/commands/infer.js';
import { createTexture } from '../../support/speckle-image.js';
import { fakeContext } from '../fake-context.js';
import { blindModel, needleModel, TIP_PX } from './test-model.js';

const ENTRIES = [{ name: 'infer', load: async () => inferCommand }];
const texture = createTexture(41);

async function folderOfImages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'echoline-infer-'));
  const data = Uint8Array.from({ length: 128 * 128 }, (_, i) => texture((i % 128) / 2, i / 256));
  const raw = { width: 128, height: 128, channels: 1 } as const;
  for (const name of ['10.png', '2.png', '1.jpg']) {
    writeFileSync(
      join(folder, name),
      await sharp(data, { raw })
        .toFormat(name.endsWith('png') ? 'png' : 'jpeg')
        .toBuffer(),
    );
  }
  writeFileSync(join(folder, '3.png'), 'this is no image');
  return folder;
}

async function infer(...argv: string[]) {
  const context = fakeContext();
  const status = await runCommandLine(['infer', ...argv], ENTRIES, context);
  return { status, out: context.outLines, err: context.errLines };
}

describe('echoline infer', () => {
  it('prints one overlay a line in natural order, with file and index, and errors in their place', async () => {
    const folder = await folderOfImages();
    const { status, out } = await infer(folder, '--jsonl', '--stills', '--model', needleModel());
    expect(status).toBe(0);
    const lines = out.map((line) => JSON.parse(line) as InferLine);
    expect(lines.map(({ file }) => file)).toEqual(['1.jpg', '2.png', '3.png', '10.png']);
    expect(lines.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(lines.map(({ needle }) => needle.state)).toEqual([
      'tip-visible',
      'tip-visible',
      'absent',
      'tip-visible',
    ]);
    const [first, , broken] = lines;
    expect(first?.needle.tip?.xPx).toBeCloseTo(TIP_PX.xPx, 0);
    expect(first?.needle.tip?.yPx).toBeCloseTo(TIP_PX.yPx, 0);
    expect(first).toMatchObject({
      type: 'overlay',
      image: { widthPx: 128, heightPx: 128 },
      spacing: null,
      model: { id: 'test-net' },
    });
    expect(first?.needle.radius90Mm).toBeNull();
    expect(first?.error).toBeUndefined();
    expect(broken?.error?.code).toBe('ECHOLINE_FRAME_DECODE');
    expect(broken).toMatchObject({ structures: [], guidance: { validity: 'unavailable' } });
    expect(broken?.needle).toMatchObject({ tip: null, tipReason: 'decode-failed' });
  });

  it('follows the needle through a sequence unless the images are stills', async () => {
    const folder = await folderOfImages();
    const { out } = await infer(folder, '--jsonl', '--model', needleModel());
    const states = out.map((line) => (JSON.parse(line) as InferLine).needle.state);
    expect(states[0]).toBe('acquiring');
  });

  it('says it in a sentence without --jsonl', async () => {
    const folder = await folderOfImages();
    const { out } = await infer(join(folder, '2.png'), '--stills', '--model', blindModel());
    expect(out).toEqual(['2.png 0: needle absent; structures: none']);
  });

  it('says what is wrong with clip, model or frame rate', async () => {
    expect((await infer('/nowhere')).err[0]).toContain('ECHOLINE_CLIP_NOT_FOUND');
    const folder = await folderOfImages();
    expect((await infer(folder, '--model', '/nowhere')).err[0]).toContain('MODEL_NOT_FOUND');
    expect(await infer(folder, '--fps', '0')).toMatchObject({ status: 64 });
    const precision = await infer(folder, '--precision', 'fp16');
    expect(precision.status).toBe(64);
    expect(precision.err[0]).toContain('auto|fp32|int8');
    const int8 = await infer(folder, '--model', needleModel(), '--precision', 'int8');
    expect(int8.err[0]).toContain('names no int8 file');
  });
});
