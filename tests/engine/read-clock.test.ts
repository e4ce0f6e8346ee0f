import { describe, expect, it } from 'vitest';
import { readClockUs } from '../../src/engine/read-clock.js';

describe('the clock', () => {
  it('counts whole microseconds and never goes back', () => {
    const times = Array.from({ length: 1000 }, readClockUs);
    expect(times.every(Number.isSafeInteger)).toBe(true);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
