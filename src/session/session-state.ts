import type { StreamState } from '../protocol/control-messages.js';

/** What happens to a stream. `silence`: no frame for `cartStalledMs`. */
export type SessionEvent = 'cart-attached' | 'frame' | 'silence' | 'cart-detached';

/**
 * A stream's life: `idle → streaming → stalled → closed`. Closed is not final for the stream:
 * a cart that lost its Wi-Fi comes back to the same displays, and the stream is idle again.
 */
const TRANSITIONS: Readonly<Record<StreamState, Readonly<Record<SessionEvent, StreamState>>>> = {
  idle: {
    'cart-attached': 'idle',
    frame: 'streaming',
    silence: 'idle',
    'cart-detached': 'closed',
  },
  streaming: {
    'cart-attached': 'streaming',
    frame: 'streaming',
    silence: 'stalled',
    'cart-detached': 'closed',
  },
  stalled: {
    'cart-attached': 'stalled',
    frame: 'streaming',
    silence: 'stalled',
    'cart-detached': 'closed',
  },
  closed: {
    'cart-attached': 'idle',
    frame: 'closed',
    silence: 'closed',
    'cart-detached': 'closed',
  },
};

/** The state after an event. Total: every event is answered in every state. */
export function nextSessionState(state: StreamState, event: SessionEvent): StreamState {
  return TRANSITIONS[state][event];
}
