import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../src/domain/errors.js';
import { CLOSE_CODES } from '../../src/protocol/close-codes.js';
import { parseMessageToDisplay } from '../../src/protocol/control-codec.js';
import { EXTENSION_TYPES } from '../../src/protocol/frame-extensions.js';
import { HEADER_OFFSETS } from '../../src/protocol/frame-header.js';
import { decodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

/** The blocks of code in the page. */
const blocks = [...page.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}));

describe('docs/protocol.md', () => {
  it('shows a message byte by byte that decodes to what it says', () => {
    const dump = blocks.find(({ text }) => text.startsWith('000  45 43'))?.text ?? '';
    const hex = dump
      .split('\n')
      .map((line) => /^[0-9a-f]{3} {2}((?:[0-9a-f]{2} )*[0-9a-f]{2})/.exec(line)?.[1] ?? '')
      .join(' ');
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    expect(decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS)).toMatchObject({
      epoch: 1,
      frameId: 7,
      captureTimeUs: 1_000_000,
      format: 'gray8',
      widthPx: 4,
      heightPx: 2,
      spacing: { xMm: 0.125, yMm: 0.25 },
      extensions: { depthMm: 40 },
      payload: Uint8Array.of(0, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70),
    });
  });

  it('shows an overlay and a verdict that a client accepts', () => {
    const samples = blocks.filter(({ language }) => language === 'json').map(({ text }) => text);
    expect(samples).toHaveLength(2);
    expect(parseMessageToDisplay(samples[1] ?? '')).toMatchObject({ type: 'overlay', frameId: 7 });
    expect(JSON.parse(samples[0] ?? '')).toMatchObject({ type: 'verdict', verdict: 'invalid' });
  });

  it('lists every offset, every extension and every close code', () => {
    const starts = (first: number) => new RegExp(`^\\| ${first} \\|`, 'm');
    for (const offset of Object.values(HEADER_OFFSETS)) expect(page).toMatch(starts(offset));
    for (const type of Object.values(EXTENSION_TYPES)) expect(page).toMatch(starts(type));
    for (const code of Object.values(CLOSE_CODES)) expect(page).toMatch(starts(code));
  });

  it('names only errors that exist', () => {
    const named =
      page.match(/\b(?:ECHOLINE_)?(?:PROTOCOL|FRAME|SESSION|AUTH)_[A-Z_]*[A-Z]\b/g) ?? [];
    expect(named.length).toBeGreaterThan(20);
    for (const name of named) {
      expect(Object.keys(ERROR_CATALOGUE)).toContain(`ECHOLINE_${name.replace('ECHOLINE_', '')}`);
    }
  });
});
