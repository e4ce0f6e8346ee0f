import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../src/domain/errors.js';
import {
  CLOSE_CODES,
  closeCodeOf,
  closeReason,
  describeCloseCode,
} from '../../src/protocol/close-codes.js';

describe('close codes', () => {
  it('of every error are among the ones that the protocol knows', () => {
    const known: readonly number[] = Object.values(CLOSE_CODES);
    for (const { closeCode } of Object.values(ERROR_CATALOGUE)) {
      if (closeCode !== null) expect(known).toContain(closeCode);
    }
  });

  it('come from the catalogue', () => {
    expect(closeCodeOf('ECHOLINE_PROTOCOL_VERSION')).toBe(4003);
    expect(closeCodeOf('ECHOLINE_FRAME_SIZE')).toBeNull();
  });

  it('have words, each its own', () => {
    const words = [...Object.values(CLOSE_CODES), 1005, 1006].map(describeCloseCode);
    expect(new Set(words).size).toBe(words.length);
    expect(describeCloseCode(4999)).toBe('close code 4999');
  });
});

describe('a close reason', () => {
  it('that fits is kept', () => {
    expect(closeReason('too late')).toBe('too late');
  });

  it('is cut to 123 bytes between characters', () => {
    const reason = closeReason('é'.repeat(100));
    expect(reason).toBe('é'.repeat(61));
    expect(Buffer.byteLength(closeReason('𝄞'.repeat(100)))).toBe(120);
  });
});
