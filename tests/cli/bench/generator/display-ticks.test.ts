import { describe, expect, it } from 'vitest';
import {
  agesAtTicksUs,
  longestGapUs,
  TICK_US,
} from '../../../../src/cli/bench/generator/display-ticks.js';

describe('what a display of 60 Hz shows', () => {
  it('ages between overlays, and has no age before the first one', () => {
    const ages = agesAtTicksUs([{ receivedUs: 20_000, dueUs: 10_000 }], 0, 60_000);
    expect(ages).toHaveLength(2);
    expect(ages[0]).toBeCloseTo(2 * TICK_US - 10_000);
    expect(ages[1]).toBeCloseTo(3 * TICK_US - 10_000);
  });

  it('never gets older because a late overlay of an older frame comes', () => {
    const arrivals = [
      { receivedUs: 10, dueUs: 9 },
      { receivedUs: 20, dueUs: 1 },
    ];
    expect(agesAtTicksUs(arrivals, 100, 200)).toEqual([91]);
  });

  it('knows the overlays that came before the window', () => {
    expect(agesAtTicksUs([{ receivedUs: 5, dueUs: 0 }], 1000, 1001)).toEqual([1000]);
  });

  it('counts the silence before the first and behind the last overlay as a gap', () => {
    const arrivals = [300, 400].map((receivedUs) => ({ receivedUs, dueUs: 0 }));
    expect(longestGapUs(arrivals, 0, 500)).toBe(300);
    expect(longestGapUs(arrivals, 250, 1000)).toBe(600);
    expect(longestGapUs([], 0, 70)).toBe(70);
  });
});
