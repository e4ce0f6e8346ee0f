import { describe, expect, it } from 'vitest';
import { FrameLedger } from '../../../src/cli/bench/generator/frame-ledger.js';
import { summarise } from '../../../src/cli/bench/generator/summarise.js';
import { whyInvalid } from '../../../src/cli/bench/load-driver.js';
import type { LoadFigures } from '../../../src/cli/bench/load-figures.js';

/** Figures of ten frames that were all sent this late. */
function sentLateBy(lateMs: number, changes: Partial<LoadFigures> = {}): LoadFigures {
  const due = Float64Array.from({ length: 10 }, (_, i) => i * 10_000);
  const ledger = new FrameLedger(due);
  ledger.offeredUs.set(due.map((us) => us + lateMs * 1000));
  const delay = { p50: 0, p99: 0, max: 0 };
  return {
    ...summarise([ledger], { fromFrame: 0, fromUs: 0, toUs: 100_000, waitedUntilUs: 100_000 }),
    generatorCpuSecondsPerFrame: 0,
    generatorPriority: 'real-time',
    eventLoopDelayMs: delay,
    clockUncertaintyMs: null,
    meaning: null,
    targetCpuSecondsPerFrame: null,
    targetMemoryBytesMax: null,
    targetEventLoopDelayMs: null,
    stolenSeconds: null,
    throttledSeconds: null,
    invalidBecause: [],
    ...changes,
  };
}

describe('the check of a load by itself', () => {
  it('refuses figures of a generator that sent late', () => {
    expect(whyInvalid(sentLateBy(0.4), { pace: 'open' })).toEqual([]);
    expect(whyInvalid(sentLateBy(1.5), { pace: 'open' })).toEqual([
      expect.stringMatching(/sent late: p99 1\.50 ms, allowed 1 ms/),
    ]);
  });

  it('does not mind in a closed loop, where nothing is due by the clock', () => {
    expect(whyInvalid(sentLateBy(1.5), { pace: 'closed' })).toEqual([]);
  });

  it('refuses figures of a machine that was held back', () => {
    const held = sentLateBy(0, { stolenSeconds: 0.2, throttledSeconds: 0.3 });
    expect(whyInvalid(held, { pace: 'open' })).toHaveLength(2);
  });
});
