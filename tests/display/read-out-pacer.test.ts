import { describe, expect, it } from 'vitest';
import { createReadOutPacer, READ_OUT_INTERVAL_US } from '../../src/display/read-out-pacer.js';
import { NO_READ_OUTS, type ReadOuts } from '../../src/display/read-outs.js';

const near = (mm: number): ReadOuts => ({
  ...NO_READ_OUTS,
  clearance: `nerve ${mm} mm (≥ 1 mm)`,
  clearanceClass: 'nerve',
});

describe('numbers', () => {
  it('change at most five times a second, and end at the newest', () => {
    const pacer = createReadOutPacer();
    let changes = 0;
    let shown = '';
    for (let nowUs = 0; nowUs < 2_000_000; nowUs += 16_667) {
      const { clearance } = pacer.show(near(5 + ((nowUs / 16_667) % 7)), nowUs);
      if (clearance !== shown) changes += 1;
      shown = clearance ?? '';
    }
    expect(changes).toBeLessThanOrEqual(10);
    expect(changes).toBeGreaterThan(7);
    pacer.show(near(99), 2_000_001);
    expect(pacer.isBehind()).toBe(true);
    expect(pacer.show(near(99), 2_000_001 + READ_OUT_INTERVAL_US)).toEqual(near(99));
    expect(pacer.isBehind()).toBe(false);
  });

  it('never outlive what they were about', () => {
    const pacer = createReadOutPacer();
    pacer.show(near(5), 0);
    expect(pacer.show(NO_READ_OUTS, 1)).toEqual(NO_READ_OUTS);
    expect(pacer.show(near(5), 2)).toEqual(near(5));
    const inside: ReadOuts = { ...near(0), clearance: 'TIP INSIDE nerve' };
    expect(pacer.show(inside, 3)).toEqual(inside);
    const lost: ReadOuts = { ...NO_READ_OUTS, needle: 'NEEDLE LOST' };
    expect(pacer.show(lost, 4)).toEqual(lost);
    expect(pacer.isBehind()).toBe(false);
  });
});
