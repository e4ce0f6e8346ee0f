import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../src/cli/bench/table-row.js';

const show = (value: number) => `${value} ms`;
const part = { name: 'p50', reach: 2, stretch: 1, show };

describe('a row of the table of figures to reach', () => {
  it('counts a row as met when each of its numbers is', () => {
    const met = (...values: readonly (number | null)[]) =>
      rowOf(
        'row',
        values.map((value) => ({ ...part, value })),
        'why',
      ).met;
    expect(met(0.5, 1)).toBe('stretch');
    expect(met(0.5, 1.5)).toBe('reach');
    expect(met(0.5, 2.5)).toBe('missed');
    expect(met(0.5, null)).toBe('missed');
    expect(met(null)).toBe('not available');
    expect(rowOf('row', [{ ...part, value: 3, isMoreBetter: true }], '').met).toBe('stretch');
  });

  it('says what is missing instead of a figure', () => {
    expect(rowOf('row', [{ ...part, value: null }], 'no peer ran').figure).toBe(
      'not available: no peer ran',
    );
  });
});
