import { maskCode } from './mask-code.js';

/** A function's body in a file, lines from 1. */
export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

const NOT_FUNCTIONS = new Set(['if', 'for', 'while', 'switch', 'catch', 'with']);

/**
 * Finds the functions of a file by their bodies: a brace behind `=>`, or behind a parenthesis that
 * is not a statement's, with or without a return type between.
 */
export function functionSpans(text: string): readonly FunctionSpan[] {
  const code = maskCode(text);
  const spans: FunctionSpan[] = [];
  const open: (number | null)[] = [];
  let lastLine = 1;
  for (let at = 0; at < code.length; at++) {
    if (code[at] === '\n') lastLine += 1;
    if (code[at] === '{') open.push(functionStart(code, at));
    if (code[at] !== '}') continue;
    const start = open.pop();
    if (start === null || start === undefined) continue;
    const lines = code.slice(start, at).split('\n').length;
    spans.push({ line: lastLine - lines + 1, lines });
  }
  return spans;
}

/** Where the function begins whose body opens at `brace`; null when it is no function's body. */
function functionStart(code: string, brace: number): number | null {
  const before = code.slice(Math.max(0, brace - 400), brace).trimEnd();
  const from = Math.max(0, brace - 400);
  if (before.endsWith('=>')) return from + before.length - 2;
  const end = /\)(\s*:[^;{}=()]*(\([^()]*\)[^;{}=()]*)?)?$/.exec(before);
  if (end === null) return null;
  const close = from + end.index;
  const openParenthesis = matchingParenthesis(code, close);
  const [word] = /[\w$#]+\s*(<[^<>]*>)?\s*$/.exec(code.slice(0, openParenthesis)) ?? [''];
  return NOT_FUNCTIONS.has(word.trim()) ? null : openParenthesis;
}

function matchingParenthesis(code: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (code[at] === ')') depth += 1;
    if (code[at] === '(') depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}
