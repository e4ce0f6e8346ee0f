import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { CartSocket } from '../../src/ingest/cart-socket.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';
import type { SessionRegistry } from '../../src/session/session-registry.js';

it('advises a cart, after the verdict, when many of its frames are superseded', () => {
  const sent: { readonly type: string }[] = [];
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (data: unknown) => sent.push(JSON.parse(String(data))),
  });
  const cart = new CartSocket(socket as unknown as WebSocket, {
    streamId: 'flood',
    // Without a hello no stream is opened.
    registry: {} as SessionRegistry,
    frameLimits: DEFAULT_FRAME_LIMITS,
    controlBytesMax: 16_384,
    frameAgeMaxMs: 200,
    readClockUs: () => 0,
    helloTimeoutMs: 3000,
    heartbeatMs: 5000,
    controlMessagesPerSecondMax: 10,
    bytesRead: () => 0,
    onError: (error) => expect.fail(String(error)),
    subscribeOverlays: () => () => {},
  });
  for (let frameId = 1; frameId <= 4; frameId += 1) {
    const verdict = frameId % 2 === 0 ? 'ok' : 'superseded';
    const verdictOf = { type: 'verdict', epoch: 0, frameId, verdict, credits: 4 } as const;
    cart.onVerdict(verdictOf, (frameId - 1) * 1_000_000);
  }
  expect(sent.map(({ type }) => type)).toEqual([...Array(4).fill('verdict'), 'rate']);
  expect(sent.at(-1)).toMatchObject({
    suggestedFps: expect.any(Number),
    reason: expect.any(String),
  });
});
