import { describe, expect, it } from 'vitest';
import { assert, assertNever } from '../../src/domain/assert.js';
import { EcholineError, ERROR_CATALOGUE, isEcholineError } from '../../src/domain/errors.js';

describe('an operating error', () => {
  it('carries code, words, numbers and cause', () => {
    const cause = new Error('ENOENT');
    const error = new EcholineError('ECHOLINE_CLIP_NOT_FOUND', 'No clip.', { files: 0 }, { cause });
    expect(error).toMatchObject({
      name: 'EcholineError',
      code: 'ECHOLINE_CLIP_NOT_FOUND',
      details: { files: 0 },
      cause,
    });
    expect(isEcholineError(error)).toBe(true);
    expect(isEcholineError(cause)).toBe(false);
  });

  it('belongs to one of the families', () => {
    const families = 'CONFIG|MODEL|PROTOCOL|FRAME|INFERENCE|SESSION|PROCEDURE|CLIP|AUTH|BENCH';
    for (const code of Object.keys(ERROR_CATALOGUE)) {
      expect(code).toMatch(new RegExp(`^ECHOLINE_(${families})_[A-Z_]+$`));
    }
  });

  it('that only costs a frame leaves the socket open', () => {
    for (const [code, entry] of Object.entries(ERROR_CATALOGUE)) {
      if (code.startsWith('ECHOLINE_FRAME_')) {
        expect(entry).toMatchObject({ effect: 'continues', closeCode: null });
      }
    }
  });
});

describe("a programmer's assumption", () => {
  it('that fails is not an operating error', () => {
    expect(() => assert(false, 'x')).toThrow('Assertion failed: x');
    expect(() => assertNever('b' as never, 'letter')).toThrow('unexpected letter: "b"');
    expect(() => assert(true, 'x')).not.toThrow();
  });
});
