import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, readTokensFile } from '../../src/server/tokens-file.js';

const SECRET = 'a-secret-token-of-some-length';

function write(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'echoline-')), 'tokens.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('a tokens file', () => {
  it('gives principals and keeps digests only', () => {
    const path = write({ tokens: [{ token: SECRET, role: 'operator', streams: ['bed-3'] }] });
    expect(readTokensFile(path)).toEqual([
      {
        digest: digestOf(SECRET),
        principal: { name: 'operator', role: 'operator', streams: ['bed-3'] },
      },
    ]);
  });

  it.each([
    ['not JSON', '{'],
    ['no tokens', { tokens: [] }],
    ['a short token', { tokens: [{ token: 'short', role: 'cart' }] }],
    ['an unknown role', { tokens: [{ token: SECRET, role: 'king' }] }],
    ['an unknown field', { tokens: [{ token: SECRET, role: 'cart', rolle: 1 }] }],
  ])('ECHOLINE_CONFIG_INVALID: %s, without quoting a token', (_what, content) => {
    const path = write(content);
    let message = '';
    try {
      readTokensFile(path);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ECHOLINE_CONFIG_INVALID' });
      message = String(error);
    }
    expect(message).toContain(path);
    expect(message).not.toContain(SECRET);
  });

  it('ECHOLINE_CONFIG_INVALID: a file that is not there', () => {
    expect(() => readTokensFile('/nowhere/tokens.json')).toThrow(/cannot be read/);
  });
});
