import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blobLines, readExtent } from '../../../../src/display/page/review/blob-lines.js';

async function linesOf(blob: Blob) {
  const lines = [];
  for await (const line of blobLines(blob)) lines.push(line);
  return lines;
}

describe('lines of a file', () => {
  it('are the complete ones, each found again where it lies', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line), line, async (texts, rest) => {
        const blob = new Blob([texts.map((text) => `${text}\n`).join(''), rest]);
        const lines = await linesOf(blob);
        expect(lines.length).toBe(texts.length);
        for (const [index, found] of lines.entries()) {
          const again = new TextDecoder().decode(await readExtent(blob, found));
          expect(again).toBe(found.text);
          expect(found.text).toBe(new TextDecoder().decode(new TextEncoder().encode(texts[index])));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('go on across the chunks that the file is read in', async () => {
    const long = 'x'.repeat(700_000);
    const lines = await linesOf(new Blob([`${long}1\n${long}2\n${long}3\n`]));
    expect(lines.map(({ text }) => text.at(-1))).toEqual(['1', '2', '3']);
  });

  it('that are too long are left out, and what follows is read', async () => {
    const endless = 'x'.repeat(10 * 1024 * 1024);
    const lines = await linesOf(new Blob([`first\n${endless}\nlast\n`]));
    expect(lines.at(0)?.text).toBe('first');
    expect(lines.at(-1)?.text).toBe('last');
  });
});
