import { describe, expect, it } from 'vitest';
import { checkFrameOrder, type FrameOrder } from '../../src/session/frame-order.js';
import { testFrame } from '../support/frames.js';

const PREVIOUS: FrameOrder = { epoch: 1, frameId: 10, captureTimeUs: 5_000_000 };

function check(epoch: number, frameId: number, captureTimeUs: number) {
  const size = { widthPx: 1, heightPx: 1, payload: new Uint8Array(1) };
  const frame = testFrame(frameId, { epoch, captureTimeUs, ...size });
  const { order, error } = checkFrameOrder(PREVIOUS, frame);
  return { order, code: error?.code ?? null, details: error?.details };
}

describe('the order of frames', () => {
  it('takes any first frame of a connection', () => {
    expect(checkFrameOrder(null, testFrame(7)).error).toBeNull();
  });

  it('takes the next frame, also with the same capture time', () => {
    expect(check(1, 11, 5_000_000).code).toBeNull();
  });

  it('takes anything of a new epoch', () => {
    expect(check(2, 0, 0)).toMatchObject({ code: null, order: { epoch: 2, frameId: 0 } });
  });

  it.each([
    ['a repeated frameId', 1, 10, 'frameId', 16],
    ['a frameId that goes back', 1, 9, 'frameId', 16],
    ['an epoch that goes back', 0, 99, 'epoch', 12],
  ])('ECHOLINE_FRAME_OUT_OF_ORDER: %s, and forgets it', (_what, epoch, frameId, field, offset) => {
    expect(check(epoch, frameId, 6_000_000)).toMatchObject({
      code: 'ECHOLINE_FRAME_OUT_OF_ORDER',
      order: PREVIOUS,
      details: { field, offsetBytes: offset },
    });
  });

  it('ECHOLINE_FRAME_CAPTURE_TIME: a time that goes back counts from then on', () => {
    expect(check(1, 11, 4_999_999)).toMatchObject({
      code: 'ECHOLINE_FRAME_CAPTURE_TIME',
      order: { epoch: 1, frameId: 11, captureTimeUs: 4_999_999 },
      details: { field: 'captureTimeUs', offsetBytes: 24 },
    });
  });
});
