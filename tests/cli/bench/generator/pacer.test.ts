import { describe, expect, it } from 'vitest';
import { leadUsOf } from '../../../../src/cli/bench/generator/pacer.js';

describe('how much earlier the sender is woken', () => {
  const every = (us: number) => Float64Array.from({ length: 10 }, (_, index) => index * us);

  it('is what waking takes, but at most a tenth of the time between due times', () => {
    expect(leadUsOf(every(33_333))).toBe(300);
    expect(leadUsOf(every(1000))).toBeCloseTo(100);
    expect(leadUsOf(new Float64Array(1))).toBe(0);
  });
});
