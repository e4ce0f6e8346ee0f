import { assert } from '../domain/assert.js';
import type { VerdictCounts, VerdictKind } from '../domain/verdict.js';

/**
 * The one place that counts frames and verdicts of a stream, and keeps the promise
 * `offered = pending + sum of verdicts` (and pending = 0 once the stream is quiet).
 */
export interface VerdictLedger {
  /** A frame message came in completely. */
  offer(): void;
  /** One offered frame got its verdict. A verdict without a frame is a programmer's error. */
  settle(kind: VerdictKind): void;
  readonly offered: number;
  /** Offered frames that have no verdict yet. */
  readonly pending: number;
  readonly counts: VerdictCounts;
}

/** A ledger of a stream that was offered nothing. */
export function createVerdictLedger(): VerdictLedger {
  const counts = { ok: 0, superseded: 0, expired: 0, invalid: 0, failed: 0 };
  let offered = 0;
  let settled = 0;
  return {
    offer() {
      offered += 1;
    },
    settle(kind) {
      assert(settled < offered, `verdict ${kind} without an offered frame`);
      settled += 1;
      counts[kind] += 1;
    },
    get offered() {
      return offered;
    },
    get pending() {
      return offered - settled;
    },
    get counts() {
      return { ...counts };
    },
  };
}
