import { describe, expect, it } from 'vitest';
import { SUITES } from '../../../src/cli/bench/result.js';
import { plannedSeconds } from '../../../src/cli/bench/suites/planned-seconds.js';
import { createTimeLeft, minutesWords } from '../../../src/cli/bench/time-left.js';

describe('the plan of a run', () => {
  const planned = (mode: 'smoke' | 'quick' | 'full') =>
    SUITES.reduce((sum, name) => sum + plannedSeconds(name, mode), 0);

  it('keeps the promises that docs/benchmarks.md makes for two quiet cores', () => {
    expect(planned('quick')).toBeLessThan(6 * 60);
    expect(planned('full')).toBeLessThanOrEqual(30 * 60);
  });
});

describe('the time left', () => {
  it('counts down within a suite, drops what has ended, and is never negative', () => {
    let nowMs = 0;
    const left = createTimeLeft(['soak', 'start'], 'quick', () => nowMs);
    const [soak, start] = [plannedSeconds('soak', 'quick'), plannedSeconds('start', 'quick')];
    expect(left.plannedSeconds).toBeCloseTo(soak + start);
    left.begin('soak');
    nowMs = 10_000;
    expect(left.read()).toBeCloseTo(soak + start - 10);
    nowMs = 10_000_000;
    expect(left.read()).toBeCloseTo(start);
    left.end('soak');
    left.end('start');
    expect(left.read()).toBe(0);
  });

  it('reads as minutes and seconds', () => {
    expect(minutesWords(245.2)).toBe('4:05');
    expect(minutesWords(0)).toBe('0:00');
  });
});
