import { describe, expect, it } from 'vitest';
import { createSampleWindow } from '../../src/display/sample-window.js';

describe('the median of the newest figures', () => {
  it('is null without figures', () => {
    expect(createSampleWindow(4).median()).toBeNull();
  });

  it('is the middle one, or between the two middle ones', () => {
    const window = createSampleWindow(4);
    for (const value of [5, 1, 9]) window.add(value);
    expect(window.median()).toBe(5);
    window.add(7);
    expect(window.median()).toBe(6);
  });

  it('forgets what is too old', () => {
    const window = createSampleWindow(3);
    for (const value of [1000, 1000, 1000, 1, 2, 3]) window.add(value);
    expect(window.median()).toBe(2);
  });
});
