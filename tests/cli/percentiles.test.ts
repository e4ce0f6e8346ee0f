import { describe, expect, it } from 'vitest';
import { percentile, rounded } from '../../src/cli/percentiles.js';

describe('exact percentiles', () => {
  it('take the nearest rank', () => {
    const values = [5, 1, 4, 2, 3];

    expect(percentile(values, 50)).toBe(3);
    expect(percentile(values, 99)).toBe(5);
    expect(percentile(values, 1)).toBe(1);
    expect(percentile(values, 100)).toBe(5);
  });

  it('are null for an empty sample, also when rounded', () => {
    expect(rounded(percentile([], 50), 2)).toBeNull();
  });
});
