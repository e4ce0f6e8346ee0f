import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE, type ErrorEntry } from '../../src/domain/errors.js';
import { filesBelow, ROOT } from './source-files.js';

const CODES = Object.keys(ERROR_CATALOGUE);
const PAGE = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');

/** Cells of the page's rows, by code. */
const ROWS = new Map(
  PAGE.split('\n')
    .filter((line) => line.startsWith('| `ECHOLINE_'))
    .map((line) => {
      const [code = '', ...cells] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      return [code.replaceAll('`', ''), cells] as const;
    }),
);

describe('errors', () => {
  it('every code has a row in docs/errors.md, and every row a code', () => {
    expect([...ROWS.keys()].sort()).toEqual([...CODES].sort());
  });

  it('each row says what the catalogue says, what it means and what to do', () => {
    for (const [code, entry] of Object.entries<ErrorEntry>(ERROR_CATALOGUE)) {
      const [fault, frame, effect, closeCode, meaning = '', advice = ''] = ROWS.get(code) ?? [];
      expect({ code, fault, frame, effect, closeCode }).toEqual({
        code,
        fault: entry.fault,
        frame: entry.frame,
        effect: entry.effect,
        closeCode: entry.closeCode === null ? '' : String(entry.closeCode),
      });
      expect(meaning.length, code).toBeGreaterThan(20);
      expect(advice.length, code).toBeGreaterThan(10);
    }
  });

  it('every code is raised somewhere in src', () => {
    const text = filesBelow('src', ['.ts'])
      .filter(({ path }) => path !== 'src/domain/errors.ts')
      .map((file) => file.text)
      .join('\n');
    expect(CODES.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  it('every code is named by a test that provokes it', () => {
    const text = filesBelow('tests', ['.ts'])
      .filter(({ path }) => !path.startsWith('tests/tidy/'))
      .map((file) => file.text)
      .join('\n');
    expect(CODES.filter((code) => !new RegExp(`\\b${code}\\b`).test(text))).toEqual([]);
  });
});
