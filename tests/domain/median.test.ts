import { expect, it } from 'vitest';
import { median } from '../../src/domain/median.js';

it('a median is the middle value, or the mean of the middle two, and leaves its values alone', () => {
  const values = [10, 2, 9];
  expect(median(values)).toBe(9);
  expect(values).toEqual([10, 2, 9]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median(new Float64Array([7]))).toBe(7);
  expect(median([])).toBeNaN();
});
