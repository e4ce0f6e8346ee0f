import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { evalCommand } from '../../../src/cli/commands/eval.js';
import { createTexture } from '../../support/speckle-image.js';
import { fakeContext } from '../fake-context.js';
import { blindModel, needleModel, TIP_PX } from './test-model.js';

const ENTRIES = [{ name: 'eval', load: async () => evalCommand }];
const texture = createTexture(41);

async function evaluate(...argv: string[]) {
  const context = fakeContext();
  const status = await runCommandLine(['eval', ...argv], ENTRIES, context);
  const last = context.outLines.at(-1) ?? '';
  const json = last.startsWith('{') ? JSON.parse(last) : null;
  return { status, json, out: context.outLines, err: context.errLines };
}

/** Four images: a tip where the model sees it, one 3 px off, a hidden one, and no needle. */
async function foreignSet() {
  const folder = mkdtempSync(join(tmpdir(), 'echoline-eval-'));
  const images = join(folder, 'images');
  const masks = join(folder, 'masks');
  for (const path of [images, masks]) mkdirSync(path);
  const gray = Uint8Array.from({ length: 128 * 128 }, (_, i) => texture((i % 128) / 2, i / 256));
  const raw = { width: 128, height: 128, channels: 1 } as const;
  const nerve = Uint8Array.from({ length: 128 * 128 }, (_, i) => {
    const distance = Math.hypot((i % 128) - 99.5, Math.floor(i / 128) - 99.5);
    return distance < 20 ? 1 : 0;
  });
  for (const name of ['a.png', 'b.png', 'c.png', 'd.png']) {
    writeFileSync(join(images, name), await sharp(gray, { raw }).png().toBuffer());
    writeFileSync(join(masks, name), await sharp(nerve, { raw }).png().toBuffer());
  }
  const points = join(folder, 'points.csv');
  const { xPx, yPx } = TIP_PX;
  const rows = [`a.png,${xPx},${yPx},1`, `b.png,${xPx + 3},${yPx},1`, 'c.png,9,9,0', 'd.png,,,0'];
  writeFileSync(points, `file,xPx,yPx,visible\n${rows.join('\n')}\n`);
  const palette = join(folder, 'palette.json');
  writeFileSync(palette, '{"1": "nerve"}');
  return { images, masks, palette, points };
}

describe('echoline eval', () => {
  it("scores foreign images with points and masks, and a blind model's zeros", async () => {
    const { images, masks, palette, points } = await foreignSet();
    const argv = ['--images', images, '--masks', masks, '--palette', palette, '--points', points];
    const seeing = await evaluate(...argv, '--json', '--model', needleModel());
    expect(seeing.status).toBe(0);
    const [suite] = seeing.json.suites;
    expect(suite.results.map((result: { mode: string }) => result.mode)).toEqual(['stills']);
    const { headline } = suite.results[0];
    expect(headline).toMatchObject({
      frames: 4,
      framesVisibleTip: 2,
      framesHiddenTip: 1,
      framesNeedleFree: 1,
      recallAt2mm: null,
      recallAt5px: 1,
      falseTipRate: 1,
      hallucinatedTipRate: 1,
      tipErrorMm: { median: null, p95: null },
    });
    expect(headline.tipErrorPx.p95).toBeGreaterThan(2.5);
    expect(headline.tipErrorPx.p95).toBeLessThan(3.5);
    expect(headline.dice.nerve).toBeGreaterThan(0.75);
    expect(seeing.json.model.id).toBe('test-net');
    const blind = await evaluate(...argv, '--json', '--model', blindModel());
    expect(blind.json.suites[0].results[0].headline).toMatchObject({
      recallAt5px: 0,
      falseTipRate: 0,
      hallucinatedTipRate: 0,
      dice: { nerve: 0 },
    });
  });

  it('says so when no image has a point or a mask (ECHOLINE_CONFIG_USAGE)', async () => {
    const { images, palette } = await foreignSet();
    const points = join(images, '..', 'other.csv');
    writeFileSync(points, 'x.png,1,2,1\n');
    const refused = await evaluate(
      '--images',
      images,
      '--points',
      points,
      '--model',
      needleModel(),
    );
    expect(refused.status).toBe(64);
    expect(refused.err.at(-1)).toMatch(/None of the 4 images has a point: .*d\.png/);
    const empty = mkdtempSync(join(tmpdir(), 'echoline-masks-'));
    const argv = ['--images', images, '--masks', empty, '--palette', palette];
    const without = await evaluate(...argv, '--model', needleModel());
    expect(without.err.at(-1)).toContain('None of the 4 images has a mask');
  });

  it('writes a page on foreign images that shows none of them', async () => {
    const { images, points } = await foreignSet();
    const page = join(images, '..', 'report.html');
    const argv = ['--images', images, '--points', points, '--report', page];
    const { status, out, err } = await evaluate(...argv, '--model', needleModel());
    expect(status).toBe(0);
    expect(err.at(-1)).toBe(`report: ${page}`);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('Real frames');
    expect(html).not.toContain('data:image/');
    expect(out.join('\n')).toMatch(/tip within 20 px of 720 × 440 +100 %/);
  });

  it('writes the pictures of a card, and says what each shows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'echoline-pictures-'));
    const argv = ['--suite', 'heldout', '--clips', '1', '--frames', '4', '--draws', '5'];
    const { status, err } = await evaluate(...argv, '--pictures', folder, '--model', blindModel());
    expect(status).toBe(0);
    const [good, bad, frame] = err.slice(-3);
    expect(good).toBe('good.png: no such frame');
    expect(bad).toBe(`${join(folder, 'bad.png')}: 1 pictures`);
    expect(frame).toMatch(/^ {2}a visible tip that was not stated: heldout 42000, frame 3;/);
    const { width, height } = await sharp(readFileSync(join(folder, 'bad.png'))).metadata();
    expect([width, height]).toEqual([240, 240]);
  });

  it('refuses what only the guidance suite knows, and a detector that it does not', async () => {
    for (const flags of [
      ['--detector', 'oracle'],
      ['--workers', '2'],
      ['--first-seed', '9'],
    ]) {
      const { status, err } = await evaluate('--suite', 'usgra', ...flags);
      expect(status).toBe(64);
      expect(err.join()).toContain(`${flags[0]} needs --suite guidance`);
    }
    const magic = await evaluate('--suite', 'guidance', '--detector', 'magic');
    expect(magic.status).toBe(64);
    expect(magic.err.join()).toContain('network|oracle');
  });

  it('prints skipped: no data where the data is not', async () => {
    const argv = ['--suite', 'usgra', '--data', '/nowhere', '--model', blindModel()];
    expect((await evaluate(...argv)).out[1]).toBe('  skipped: no data');
    expect((await evaluate(...argv, '--json')).json.suites[0].skipped).toBe('no data');
  });

  it.each([
    [[], 'expected --suite'],
    [['--suite', 'nothing'], 'got "nothing"'],
    [['--suite', 'all', '--points', 'x.csv'], '--points needs --images'],
    [['--images', '.', '--masks', '.'], 'need each other'],
    [['--images', '.', '--points', '/nowhere.csv'], 'does not exist'],
    [['--images', '.', '--suite', 'all'], 'not both'],
    [['--suite', 'heldout', '--clips', '0'], 'whole number above 0'],
    [['--suite', 'heldout', '--draws', '1.5'], 'whole number above 0 for --draws'],
    [['--suite', 'heldout', '--report', '/nowhere/r.html'], '/nowhere does not exist'],
    [['--suite', 'heldout', '--pictures', '/nowhere'], '/nowhere does not exist'],
  ])('refuses %j in one line (ECHOLINE_CONFIG_USAGE)', async (argv, words) => {
    const { status, err } = await evaluate(...argv);
    expect(status).toBe(64);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(words);
  });
});
