import { describe, expect, it } from 'vitest';
import type { CartLink } from '../../src/session/session-listener.js';
import { checkStreamId, SessionRegistry } from '../../src/session/session-registry.js';
import { createFakeEngine } from '../support/fake-engine-stream.js';
import { testProcedures } from '../support/procedures.js';

function createRegistry(streamsMax: number): SessionRegistry {
  const engine = createFakeEngine();
  return new SessionRegistry({
    streamsMax,
    frameAgeMaxMs: 200,
    cartStalledMs: 1000,
    memoryBytesMax: 1000,
    readClockUs: () => 0,
    openEngineStream: (listener) => engine.open(listener),
    openRecording: null,
    observer: { onOffered() {}, onVerdict() {}, onProcessed() {} },
    procedures: testProcedures(),
    onJourney: null,
    createListener: () => ({ onFrame() {}, onOutcome: () => 0, onInfo() {}, onProcedure() {} }),
  });
}

const CART: CartLink = { name: null, isSimulated: false, clock: () => null, onVerdict() {} };

describe('the registry of streams', () => {
  it('keeps a stream while a cart or a display needs it', () => {
    const registry = createRegistry(2);
    const session = registry.open('a');
    const letGo = session.hold();
    registry.tick(0);
    expect(registry.open('a')).toBe(session);
    session.attachCart(CART);
    letGo();
    registry.tick(0);
    expect(registry.all()).toEqual([session]);
    session.detachCart(CART);
    registry.tick(0);
    expect(registry.all()).toEqual([]);
  });

  it('ECHOLINE_SESSION_LIMIT: counts streams with a cart only', () => {
    const registry = createRegistry(1);
    registry.open('watched').hold();
    registry.checkRoomForCart();
    registry.open('b').attachCart(CART);
    expect(() => registry.checkRoomForCart()).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_SESSION_LIMIT' }),
    );
  });

  it.each(['a', 'bed-3', 'Room_2.left', 'x'.repeat(64)])('takes the name %s', (name) => {
    expect(() => checkStreamId(name)).not.toThrow();
  });

  it.each(['', '.hidden', '../up', 'a b', 'a/b', 'ä', 'x'.repeat(65)])(
    'ECHOLINE_SESSION_STREAM_ID: refuses the name "%s"',
    (name) => {
      expect(() => checkStreamId(name)).toThrow(
        expect.objectContaining({ code: 'ECHOLINE_SESSION_STREAM_ID' }),
      );
    },
  );
});
