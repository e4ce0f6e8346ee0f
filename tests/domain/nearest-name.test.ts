import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/domain/nearest-name.js';

const NAMES = ['frameRateHz', 'formats', 'name', 'clock'];

describe('the nearest name', () => {
  it.each([
    ['frameRate', 'frameRateHz'],
    ['fps', null],
    ['framerateHz', 'frameRateHz'],
    ['frameRatHz', 'frameRateHz'],
    ['format', 'formats'],
    ['nane', 'name'],
    ['clck', 'clock'],
    ['x', null],
    ['', null],
  ])('of %j is %j', (name, expected) => {
    expect(nearestName(name, NAMES)).toBe(expected);
  });
});
