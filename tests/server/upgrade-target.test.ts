import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { checkSubprotocol, readUpgradeTarget } from '../../src/server/upgrade-target.js';

function request(url: string, protocol?: string): IncomingMessage {
  const headers = protocol === undefined ? {} : { 'sec-websocket-protocol': protocol };
  return { url, headers } as IncomingMessage;
}

describe('the target of an upgrade', () => {
  it('is a cart or a display of a stream', () => {
    expect(readUpgradeTarget(request('/v1/streams/bed-3/frames'))).toEqual({
      streamId: 'bed-3',
      kind: 'frames',
      wantsFrames: false,
      ticket: null,
    });
    expect(readUpgradeTarget(request('/v1/streams/a/overlays?frames=1&ticket=t'))).toMatchObject({
      kind: 'overlays',
      wantsFrames: true,
      ticket: 't',
    });
  });

  it.each([
    '/',
    '/v1/streams//frames',
    '/v1/streams/a/frames/x',
    '/v1/streams/a/other',
    '/v2/streams/a/frames',
    '/v1/streams/a%2Fb/frames',
    '/v1/streams/%E4%F6/frames',
    '//',
    '*',
    'http://[bad',
  ])('ECHOLINE_SESSION_STREAM_ID: is not %s', (url) => {
    expect(() => readUpgradeTarget(request(url))).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_SESSION_STREAM_ID' }),
    );
  });

  it('never repeats a ticket in its words', () => {
    expect(() => readUpgradeTarget(request('/x?ticket=SECRET&y=1'))).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('SECRET') }),
    );
  });

  it.each(['echoline.v1', 'other, echoline.v1', 'echoline.v1+bin,echoline.v1'])(
    'speaks the subprotocol when offered %s',
    (protocol) => {
      expect(() => checkSubprotocol(request('/', protocol))).not.toThrow();
    },
  );

  it.each([undefined, '', 'echoline.v2', 'echoline.v1+bin'])(
    'ECHOLINE_PROTOCOL_SUBPROTOCOL: refuses %s',
    (protocol) => {
      expect(() => checkSubprotocol(request('/', protocol))).toThrow(
        expect.objectContaining({ code: 'ECHOLINE_PROTOCOL_SUBPROTOCOL' }),
      );
    },
  );
});
