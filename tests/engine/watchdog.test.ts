import { describe, expect, it } from 'vitest';
import {
  frameReturned,
  frameSent,
  hangsInUs,
  IDLE_WATCHDOG,
  servicePaused,
} from '../../src/engine/watchdog.js';

const LIMITS = { hangUs: 250_000, firstFrameUs: 2_000_000 };

describe('the watchdog of an engine', () => {
  it('watches nothing while the engine is idle', () => {
    expect(hangsInUs(IDLE_WATCHDOG, LIMITS, 5)).toBeNull();
  });

  it('gives the first frame more time than the others', () => {
    const first = frameSent(IDLE_WATCHDOG, 1000);
    expect(hangsInUs(first, LIMITS, 1000)).toBe(2_000_000);

    const second = frameSent(frameReturned(first, 2000), 3000);
    expect(hangsInUs(second, LIMITS, 3000)).toBe(250_000);
    expect(hangsInUs(second, LIMITS, 253_000)).toBe(0);
  });

  it('starts the clock of a queued frame when the one before it came back', () => {
    const warm = frameReturned(frameSent(IDLE_WATCHDOG, 0), 10);
    const two = frameSent(frameSent(warm, 1000), 2000);
    expect(hangsInUs(two, LIMITS, 2000)).toBe(249_000);

    const one = frameReturned(two, 200_000);
    expect(hangsInUs(one, LIMITS, 200_000)).toBe(250_000);
    expect(hangsInUs(frameReturned(one, 210_000), LIMITS, 999_999)).toBeNull();
  });

  it('does not hold it against the engine when the service itself did not run', () => {
    const warm = frameReturned(frameSent(IDLE_WATCHDOG, 0), 10);
    const busy = frameSent(warm, 1000);
    const paused = servicePaused(busy, 100_000, 200_000);
    expect(hangsInUs(paused, LIMITS, 200_000)).toBe(151_000);
    expect(hangsInUs(servicePaused(busy, 900_000, 200_000), LIMITS, 200_000)).toBe(250_000);
    expect(servicePaused(warm, 100_000, 200_000)).toEqual(warm);
  });
});
