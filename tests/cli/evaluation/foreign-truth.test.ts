import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parsePalette } from '../../../src/cli/evaluation/palette.js';
import { parsePoints } from '../../../src/cli/evaluation/points.js';
import { readMask } from '../../../src/cli/evaluation/read-mask.js';
import { isEcholineError } from '../../../src/domain/errors.js';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isEcholineError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a palette', () => {
  it('names values and colours, as JSON or as lines', () => {
    const json = parsePalette('{"1": "nerve", "#FF0000": "vessel"}', 'p');
    const lines = parsePalette('1,nerve\n#ff0000 vessel\n', 'p');
    expect(json).toEqual(lines);
    expect(parsePalette('\uFEFF{"1": "nerve", "#FF0000": "vessel"}', 'p')).toEqual(json);
    expect(json.byValue.get(1)).toBe('nerve');
    expect(json.byColour.get(0xff0000)).toBe('vessel');
  });

  it.each(['{"1": "brain"}', '{"red": "nerve"}', '{"256": "nerve"}', '{', '1'])(
    'refuses %j (ECHOLINE_CONFIG_USAGE)',
    (text) => {
      expect(codeOf(() => parsePalette(text, 'p.json'))).toMatch(/ECHOLINE_CONFIG_USAGE.*p\.json/);
    },
  );
});

describe('a palette that is no palette', () => {
  it('is told by the entry that has no class (ECHOLINE_CONFIG_USAGE)', () => {
    expect(codeOf(() => parsePalette('nerve', 'p'))).toContain('"nerve" has no class; expected');
  });
});

describe('points', () => {
  it('say where a tip is, that it is hidden, or that there is no needle', () => {
    const text = 'file,xPx,yPx,visible\nimages/a.png,1.5,2,1\n"b.png",3,4,0\r\nc.png,,,0\n\n';
    expect([...parsePoints(text, 'p')]).toEqual([
      ['a.png', { kind: 'visible', tip: { xPx: 1.5, yPx: 2 }, shaft: null }],
      ['b.png', { kind: 'hidden', tip: { xPx: 3, yPx: 4 }, shaft: null }],
      ['c.png', { kind: 'none' }],
    ]);
    expect(parsePoints('a.png,1,2,true', 'p').size).toBe(1);
    expect([...parsePoints(`\uFEFF${text}`, 'p').keys()]).toEqual(['a.png', 'b.png', 'c.png']);
  });

  it.each(['a.png,1,2', 'a.png,1,2,maybe', 'a.png,,,1', 'a.png,x,2,1', ',1,2,1', 'a,1,2,1,5'])(
    'refuses %j with its line (ECHOLINE_CONFIG_USAGE)',
    (row) => {
      const text = `file,xPx,yPx,visible\n${row}\n`;
      expect(codeOf(() => parsePoints(text, 'p'))).toMatch(/ECHOLINE_CONFIG_USAGE.*line 2/);
    },
  );
});

describe('a mask', () => {
  const size = { widthPx: 4, heightPx: 1 };
  const raw = { width: 4, height: 1, channels: 3 } as const;
  const colours = Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0, 9, 9, 9);

  function fileWith(bytes: Uint8Array): string {
    const path = join(mkdtempSync(join(tmpdir(), 'echoline-mask-')), 'm.png');
    writeFileSync(path, bytes);
    return path;
  }

  it('is read by colour, by gray level, and by the index of an indexed PNG', async () => {
    const byColour = parsePalette('{"#ff0000": "nerve", "#00ff00": "vessel", "9": "bone"}', 'p');
    const plain = fileWith(await sharp(colours, { raw }).png().toBuffer());
    const labels = await readMask(plain, byColour, size);
    expect([...labels.data].map((label) => labels.classes[label])).toEqual([
      'background',
      'nerve',
      'vessel',
      'bone',
    ]);
    const indexed = await sharp(colours, { raw }).png({ palette: true, colours: 4 }).toBuffer();
    const path = fileWith(indexed);
    const found = new Set<string>();
    for (const index of [0, 1, 2, 3]) {
      const map = await readMask(path, parsePalette(`${index},nerve`, 'p'), size);
      found.add([...map.data].join(''));
    }
    expect([...found].sort()).toEqual(['0001', '0010', '0100', '1000']);
  });

  it('is refused when it is broken or of another size (ECHOLINE_CLIP_DATA)', async () => {
    const palette = parsePalette('1,nerve', 'p');
    const broken = readMask(fileWith(Buffer.from('no')), palette, size);
    await expect(broken).rejects.toMatchObject({ code: 'ECHOLINE_CLIP_DATA' });
    const small = fileWith(await sharp(colours, { raw }).png().toBuffer());
    const other = readMask(small, palette, { widthPx: 5, heightPx: 1 });
    await expect(other).rejects.toThrow('4 x 1');
  });
});
