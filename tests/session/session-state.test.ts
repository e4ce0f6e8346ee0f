import { describe, expect, it } from 'vitest';
import { nextSessionState } from '../../src/session/session-state.js';

const TABLE = [
  ['idle', 'cart-attached', 'idle'],
  ['idle', 'frame', 'streaming'],
  ['idle', 'silence', 'idle'],
  ['idle', 'cart-detached', 'closed'],
  ['streaming', 'cart-attached', 'streaming'],
  ['streaming', 'frame', 'streaming'],
  ['streaming', 'silence', 'stalled'],
  ['streaming', 'cart-detached', 'closed'],
  ['stalled', 'cart-attached', 'stalled'],
  ['stalled', 'frame', 'streaming'],
  ['stalled', 'silence', 'stalled'],
  ['stalled', 'cart-detached', 'closed'],
  ['closed', 'cart-attached', 'idle'],
  ['closed', 'frame', 'closed'],
  ['closed', 'silence', 'closed'],
  ['closed', 'cart-detached', 'closed'],
] as const;

describe('the life of a stream', () => {
  it.each(TABLE)('goes from %s by %s to %s', (state, event, next) => {
    expect(nextSessionState(state, event)).toBe(next);
  });
});
