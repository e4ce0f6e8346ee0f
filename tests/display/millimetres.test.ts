import { describe, expect, it } from 'vitest';
import { formatMm } from '../../src/display/millimetres.js';

describe('a distance in words', () => {
  it.each([
    [1.9, 'nearest', '2 mm'],
    [2.3, 'nearest', '2.5 mm'],
    [7.4, 'nearest', '7 mm'],
    [1.1, 'up', '1.5 mm'],
    [6.2, 'up', '7 mm'],
    [1.9, 'down', '1.5 mm'],
    [6.9, 'down', '6 mm'],
    [-0.6, 'down', '-1 mm'],
    [-0.2, 'nearest', '0 mm'],
    [2.0000001, 'up', '2 mm'],
    [1.9999999, 'down', '2 mm'],
  ] as const)('%d rounded %s is %s', (valueMm, toward, words) => {
    expect(formatMm(valueMm, toward)).toBe(words);
  });
});
