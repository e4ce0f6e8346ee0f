/**
 * Replaces comments, strings, template texts and regular expressions by spaces, keeping line ends,
 * so that checks on text see code only. TypeScript 7 has no compiler API for JavaScript; this
 * small scanner knows just enough of the language for code that Biome has formatted.
 */
export function maskCode(text: string): string {
  let out = '';
  let at = 0;
  /** Depth of braces inside each open `${`, innermost last. */
  const templates: number[] = [];
  const blank = (end: number) => {
    out += text.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  while (at < text.length) {
    const here = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (two === '//') blank(endOf(text, '\n', at));
    else if (two === '/*') blank(endOf(text, '*/', at + 2) + 2);
    else if (here === "'" || here === '"') blank(endOfQuoted(text, at, here));
    else if (here === '`') {
      at += 1;
      out += ' ';
      blank(endOfTemplateText(text, at));
      enterOrLeave();
    } else if (here === '/' && isRegexStart(out)) blank(endOfRegex(text, at));
    else if (here === '}' && templates.at(-1) === 0) {
      templates.pop();
      at += 1;
      out += ' ';
      blank(endOfTemplateText(text, at));
      enterOrLeave();
    } else {
      if (templates.length > 0 && here === '{') templates.push((templates.pop() ?? 0) + 1);
      if (templates.length > 0 && here === '}') templates.push((templates.pop() ?? 0) - 1);
      out += here;
      at += 1;
    }
  }
  return out;

  /** Behind a template's text there is either its end or a `${`. */
  function enterOrLeave(): void {
    if (text[at] === '$') {
      templates.push(0);
      blank(at + 2);
    } else {
      blank(at + 1);
    }
  }
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function endOfQuoted(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfTemplateText(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '`' && text.slice(at, at + 2) !== '${') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at;
}

function endOfRegex(text: string, start: number): number {
  let at = start + 1;
  let inClass = false;
  while (at < text.length && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/** A slash starts a regular expression where a value is expected, else it divides. */
function isRegexStart(before: string): boolean {
  const last = before.trimEnd();
  return /(^|[([{,;:=!&|?+>]|\breturn|\bcase)$/.test(last);
}
