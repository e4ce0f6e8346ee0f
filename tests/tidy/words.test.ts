import { describe, expect, it } from 'vitest';
import { maskCode } from './mask-code.js';
import { filesBelow, linesWhere } from './source-files.js';

const SOURCES = filesBelow('src', ['.ts']);
const CODE = SOURCES.map(({ path, text }) => ({ path, text: maskCode(text) }));

/** What code may not say, and where it may nevertheless. */
const BANNED: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['the type any', /(:|<|\bas|,|\||&)\s*any\b/, []],
  ['console', /\bconsole\s*\./, []],
  ['enums and namespaces', /^\s*(export\s+)?(const\s+)?(enum|namespace)\s/, []],
  ['default exports', /^\s*export\s+default\b/, []],
  ['require', /\brequire\s*\(/, []],
  [
    'process.env, argv and exit outside the command line',
    /\bprocess\s*\.\s*(env|argv|exit)\b/,
    ['src/cli/', 'src/engine/engine-process.ts', 'src/pipeline/infer/import-ort.ts'],
  ],
];

describe('words', () => {
  it.each(BANNED)('no code has %s', (_name, pattern, allowed) => {
    const found = CODE.filter(({ path }) => !allowed.some((start) => path.startsWith(start)));
    expect(found.flatMap((file) => linesWhere(file, (line) => pattern.test(line)))).toEqual([]);
  });

  it('nothing is left to do, and no check is switched off', () => {
    const pattern = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck|expect-error)/;
    const found = SOURCES.flatMap((file) => linesWhere(file, (line) => pattern.test(line)));
    expect(found).toEqual([]);
  });

  it('no error is caught and thrown away without a word', () => {
    const empty = SOURCES.filter(({ text }) => /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/.test(text));
    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  it('no folder or file is a drawer for odds and ends', () => {
    const drawer = /(^|\/)(utils?|helpers?|common|lib|misc|shared|types)(\/|\.ts$)/;
    expect(SOURCES.map(({ path }) => path).filter((path) => drawer.test(path))).toEqual([]);
  });

  it('files and folders have kebab-case names', () => {
    const odd = SOURCES.filter(({ path }) => !/^src\/([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });
});
