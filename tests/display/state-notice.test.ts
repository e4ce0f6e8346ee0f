import { describe, expect, it } from 'vitest';
import { stateNotice } from '../../src/display/state-notice.js';

describe('what is said above the picture', () => {
  it.each([
    ['LIVE', null, false, null],
    ['WAITING', null, false, null],
    ['STALE', null, false, 'OVERLAY TOO OLD'],
    ['LOST', null, false, 'PICTURE LOST'],
    ['FROZEN', null, false, 'FROZEN'],
    ['UNAVAILABLE', null, false, 'NO GUIDANCE'],
    ['LIVE', 'overlay-invalid', false, 'OVERLAY INVALID'],
    ['WAITING', 'overlays-without-frames', false, 'OVERLAYS WITHOUT PICTURES'],
    ['STALE', 'overlay-invalid', true, 'OVERLAY TOO OLD · OVERLAY INVALID · OVERLAY HIDDEN'],
  ] as const)('%s, %s, hidden: %s', (state, fault, isHidden, words) => {
    expect(stateNotice(state, fault, isHidden)).toBe(words);
  });
});
