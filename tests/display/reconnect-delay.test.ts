import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from '../../src/display/reconnect-delay.js';

describe('waiting before the next attempt to connect', () => {
  it('doubles up to 5 s', () => {
    const longest = [0, 1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelayMs(attempt, null, 1));
    expect(longest).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('takes off a random half, so that displays do not come back together', () => {
    expect(reconnectDelayMs(3, null, 0)).toBe(1000);
    expect(reconnectDelayMs(3, null, 0.5)).toBe(1500);
  });

  it('is never shorter than what the service asked for, and at most a quarter longer', () => {
    expect(reconnectDelayMs(9, 800, 0)).toBe(800);
    expect(reconnectDelayMs(0, 800, 1)).toBe(1000);
  });
});
