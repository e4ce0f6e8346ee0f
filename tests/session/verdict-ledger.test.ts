import { describe, expect, it } from 'vitest';
import { createVerdictLedger } from '../../src/session/verdict-ledger.js';

describe('the ledger of verdicts', () => {
  it('knows what is pending', () => {
    const ledger = createVerdictLedger();
    ledger.offer();
    ledger.offer();
    ledger.settle('ok');

    expect(ledger.offered).toBe(2);
    expect(ledger.pending).toBe(1);
    expect(ledger.counts).toEqual({ ok: 1, superseded: 0, expired: 0, invalid: 0, failed: 0 });
  });

  it('takes no verdict without a frame', () => {
    const ledger = createVerdictLedger();
    expect(() => ledger.settle('failed')).toThrow(/without an offered frame/);
  });
});
