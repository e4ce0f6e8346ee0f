import { describe, expect, it } from 'vitest';
import { functionSpans } from './function-lengths.js';
import { filesBelow, linesWhere } from './source-files.js';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const LINE_COLUMNS_MAX = 100;

const SOURCES = [...filesBelow('src', ['.ts']), ...filesBelow('scripts', ['.mjs'])];
const TESTS = filesBelow('tests', ['.ts']);

describe('sizes', () => {
  it(`no source file is longer than ${FILE_LINES_MAX} lines`, () => {
    const long = SOURCES.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > FILE_LINES_MAX)).toEqual([]);
  });

  it(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
    const long = SOURCES.flatMap(({ path, text }) =>
      functionSpans(text)
        .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
        .map(({ line, lines }) => `${path}:${line}: ${lines} lines`),
    );
    expect(long).toEqual([]);
  });

  it(`no line is wider than ${LINE_COLUMNS_MAX} columns, but for the titles of tests`, () => {
    const isTitle = (line: string) => /^\s*(it|describe|\]\))\b.*['"`]/.test(line);
    const wide = [...SOURCES, ...TESTS].flatMap((file) =>
      linesWhere(file, (line) => line.length > LINE_COLUMNS_MAX && !isTitle(line)),
    );
    expect(wide).toEqual([]);
  });
});
