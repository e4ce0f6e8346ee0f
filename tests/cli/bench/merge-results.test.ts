import { describe, expect, it } from 'vitest';
import { mergeResults } from '../../../src/cli/bench/merge-results.js';
import { type BenchResult, SUITES } from '../../../src/cli/bench/result.js';
import { wholeBenchResult } from '../../support/bench-result.js';

const WHOLE = wholeBenchResult();

/** A part with some suites, by number of seconds so that each can be told from others. */
function part(suites: readonly (typeof SUITES)[number][], seconds: number): BenchResult {
  const empty = { measurements: [], figures: [], meaning: 'a', invalidBecause: ['late'] };
  return {
    ...WHOLE,
    startedAt: `2026-11-26T10:00:0${seconds}.000Z`,
    endedAt: `2026-11-26T11:00:0${seconds}.000Z`,
    suites: suites.map((suite) => ({ ...empty, suite, seconds })),
    rows: [],
  };
}

describe('parts of one run', () => {
  it('make one result, in which a suite of several is the last one', () => {
    const merged = mergeResults([part(['soak', 'start'], 2), part(['kernels', 'soak'], 1)]);
    expect(merged.suites.map(({ suite, seconds }) => [suite, seconds])).toEqual([
      ['kernels', 1],
      ['start', 2],
      ['soak', 2],
    ]);
    expect(merged.startedAt).toBe(part([], 1).startedAt);
    expect(merged.endedAt).toBe(part([], 2).endedAt);
    expect(merged.invalidBecause).toEqual(['kernels: late', 'start: late', 'soak: late']);
    expect(merged.rows).toEqual([]);
  });

  it('have the whole table and the cost once every suite is there', () => {
    const measured = SUITES.filter((name) => name !== 'cost');
    const merged = mergeResults([part(measured.slice(0, 4), 1), part(measured.slice(4), 2)]);
    expect(merged.suites.map(({ suite }) => suite)).toEqual(SUITES);
    expect(merged.rows).toHaveLength(12);
  });

  it('are refused where they are of another commit or mode', () => {
    const other = { ...part(['soak'], 2), commit: { sha: 'b'.repeat(40), isDirty: false } };
    expect(() => mergeResults([part(['start'], 1), other])).toThrow(/differ in their commit/);
    const quick = { ...part(['soak'], 2), mode: 'smoke' as const };
    expect(() => mergeResults([part(['start'], 1), quick])).toThrow(/differ in their mode/);
    expect(() => mergeResults([])).toThrow(/got none/);
  });
});
