import { describe, expect, it } from 'vitest';
import { functionSpans } from './function-lengths.js';
import { maskCode } from './mask-code.js';

describe('the scanner of the tidy tests', () => {
  it('blanks comments, strings, templates and regular expressions, and nothing else', () => {
    const masked = (text: string) => maskCode(text).replace(/ +/g, ' ').trim();
    expect(masked("const a = 'x{' + b; // any {")).toBe('const a = + b;');
    expect(masked('a /* { \n */ b')).toBe('a \n b');
    const dollar = '$';
    expect(masked(`f(\`x${dollar}{ g({ a: \`y${dollar}{h}\` }) }{\`) + 1`)).toBe(
      'f( g({ a: h }) ) + 1',
    );
    expect(masked("x.replace(/[/'{]/g, y) / 2")).toBe('x.replace( g, y) / 2');
    expect(masked("'it\\'s' + c")).toBe('+ c');
  });

  it('finds functions of every kind, and no other blocks', () => {
    const text = [
      'export function a(x: number): Promise<void> {',
      '  if (x > 1) {',
      '    y();',
      '  }',
      '}',
      'const b = async (): Promise<string> => {',
      '  z();',
      '};',
      'class C {',
      '  method<T>(',
      '    t: T,',
      '  ): t is string {',
      '    return (u) => u;',
      '  }',
      '}',
      'const d = { e() {',
      '} };',
    ].join('\n');
    const spans = functionSpans(text).map(({ line, lines }) => [line, lines]);
    expect(spans).toEqual([
      [1, 5],
      [6, 3],
      [10, 5],
      [16, 2],
    ]);
  });
});
