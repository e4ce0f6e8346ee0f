import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ELEMENT_WORDS } from '../../../src/display/page/words.js';

const PAGE = new URL('../../../src/display/page/index.html', import.meta.url);

describe('words', () => {
  it('has words for every element that asks for them, and none that nobody asks for', async () => {
    const html = await readFile(PAGE, 'utf8');
    const asked = [...html.matchAll(/data-(?:words|name)="([^"]+)"/g)].map(([, key]) => key);
    expect(asked.filter((key) => ELEMENT_WORDS[key ?? ''] === undefined)).toEqual([]);
    const unused = Object.keys(ELEMENT_WORDS).filter((key) => !asked.includes(key));
    expect(unused).toEqual(['title']);
  });

  it('the page itself holds no sentence of its own', async () => {
    const html = await readFile(PAGE, 'utf8');
    const body = html.slice(html.indexOf('<body'));
    const texts = [...body.matchAll(/>([^<>]*[A-Za-z]{3,}[^<>]*)</g)].map(([, text]) =>
      text?.trim(),
    );
    // What stands there until the script runs, and units.
    expect(texts.filter((text) => text !== 'WAITING' && text !== 'fps')).toEqual([]);
  });
});
