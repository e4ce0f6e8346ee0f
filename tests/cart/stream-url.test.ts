import { describe, expect, it } from 'vitest';
import { streamUrl } from '../../src/cart/stream-url.js';

describe('the address of a stream', () => {
  it.each([
    ['ws://h:8787/v1/streams/demo/frames', undefined, 'ws://h:8787/v1/streams/demo/frames'],
    ['ws://h:8787/v1/streams/demo/frames', 'other', 'ws://h:8787/v1/streams/demo/frames'],
    ['wss://h', 'or 1', 'wss://h/v1/streams/or%201/frames'],
    ['http://h:8787/', 'demo', 'ws://h:8787/v1/streams/demo/frames'],
    ['https://h/echoline/', 'demo', 'wss://h/echoline/v1/streams/demo/frames'],
    ['ws://h:1?ticket=x', 'demo', 'ws://h:1/v1/streams/demo/frames?ticket=x'],
  ])('%s with stream %s is %s', (url, streamId, expected) => {
    expect(streamUrl(url, 'frames', streamId).href).toBe(expected);
  });

  it('of a display ends in overlays', () => {
    expect(streamUrl(new URL('ws://h'), 'overlays', 'a').href).toBe('ws://h/v1/streams/a/overlays');
  });

  it.each([
    ['ws://h:8787', undefined],
    ['ftp://h', 'demo'],
    ['8787', 'demo'],
    ['ws://h/v1/streams/demo/overlays', 'demo'],
  ])('%s with stream %s is refused with what was expected', (url, streamId) => {
    expect(() => streamUrl(url, 'frames', streamId)).toThrow(
      expect.objectContaining({
        code: 'ECHOLINE_CONFIG_USAGE',
        message: expect.stringContaining('expected ws://HOST:PORT/v1/streams/ID/frames'),
      }),
    );
  });
});
