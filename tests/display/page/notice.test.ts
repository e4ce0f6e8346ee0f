import { describe, expect, it } from 'vitest';
import { noticeFor, pictureNotice, ribbonFor } from '../../../src/display/page/notice.js';

const connected = { phase: 'connected', reason: null, retryInMs: null } as const;
const base = {
  state: 'WAITING',
  connection: connected,
  stream: 's',
  sinceFrameMs: null,
  listFault: null,
  origin: 'https://box:8787',
} as const;

describe('words in the middle of the picture', () => {
  it('never cover a picture that is there', () => {
    for (const state of ['LIVE', 'STALE', 'FROZEN', 'UNAVAILABLE'] as const) {
      expect(noticeFor({ ...base, state })).toBeNull();
    }
  });

  it('say that it waits for a cart, and how to start one', () => {
    const notice = noticeFor({ ...base, stream: null });
    expect(notice?.title).toBe('Waiting for a cart');
    expect(notice?.command).toContain('npm run demo');
    expect(notice?.command).toContain('--to wss://box:8787/v1/streams/cart/frames');
    expect(noticeFor(base)?.text).toContain('"s"');
  });

  it('say why there is no connection and when it is tried again', () => {
    const notice = noticeFor({
      ...base,
      state: 'LOST',
      connection: { phase: 'waiting', reason: 'the connection broke', retryInMs: 1200 },
      sinceFrameMs: 4200,
    });
    expect(notice?.text).toBe(
      'The connection broke. Trying again within 2 s. The last image is 4 s old.',
    );
  });

  it('say that it will not come back by itself', () => {
    const ended = { phase: 'ended', reason: 'stream removed', retryInMs: null } as const;
    expect(noticeFor({ ...base, connection: ended })?.text).toBe(
      'Stream removed. Reload the page to try again.',
    );
  });

  it('say that images stopped though the connection stands', () => {
    const notice = noticeFor({ ...base, state: 'LOST', sinceFrameMs: 3900 });
    expect(notice?.title).toBe('Image lost');
    expect(notice?.text).toContain('The last image is 3 s old.');
  });

  it('say what is wrong when the streams cannot be listed', () => {
    const notice = noticeFor({ ...base, stream: null, listFault: 'The service wants a token.' });
    expect(notice?.text).toBe('The service wants a token.');
  });
});

describe('words below the picture', () => {
  it.each([
    ['STALE', false, 'too old'],
    ['UNAVAILABLE', false, 'no engine'],
    ['FROZEN', true, 'FROZEN'],
    ['LIVE', true, 'hidden by the operator'],
  ] as const)('%s (hidden: %s) say: %s', (state, isHidden, words) => {
    expect(ribbonFor(state, null, isHidden)).toContain(words);
  });

  it('are silent while all is current', () => {
    expect(ribbonFor('LIVE', null, false)).toBeNull();
  });

  it('leave the line to the overlay of a frozen image, which says so above', () => {
    expect(ribbonFor('FROZEN', null, false)).toBeNull();
  });
});

describe('words above the picture', () => {
  it('say that it is frozen, and what is not drawn, in a length that can be read', () => {
    expect(pictureNotice(false, new Set())).toBeNull();
    expect(pictureNotice(true, new Set(['nerve']))).toBe('FROZEN · NOT DRAWN: nerve');
    expect(pictureNotice(false, new Set(['nerve', 'vein', 'bone']))).toBe('NOT DRAWN: 3 kinds');
  });
});
