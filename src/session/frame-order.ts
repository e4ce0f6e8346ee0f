import type { EcholineError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import { fieldError } from '../protocol/field-error.js';
import { HEADER_OFFSETS } from '../protocol/frame-header.js';

/** What the next frame of a cart is compared with. Forgotten when the cart disconnects. */
export interface FrameOrder {
  readonly epoch: number;
  readonly frameId: number;
  readonly captureTimeUs: number;
}

export interface FrameOrderCheck {
  /** What the frame after this one is compared with. */
  readonly order: FrameOrder;
  /** ECHOLINE_FRAME_OUT_OF_ORDER, ECHOLINE_FRAME_CAPTURE_TIME, or null for a good frame. */
  readonly error: EcholineError | null;
}

/**
 * Checks that identities rise: an epoch never goes back, and within an epoch frameIds rise and
 * capture times do not fall. A new epoch starts everything anew.
 *
 * A frame out of order changes nothing. One whose capture time went back is refused too, but its
 * time counts from then on: a cart whose clock was set back loses one frame (and its track), not
 * every frame until the clock catches up.
 *
 * @param previous - null for the first frame of a connection
 */
export function checkFrameOrder(previous: FrameOrder | null, frame: Frame): FrameOrderCheck {
  const { epoch, frameId, captureTimeUs } = frame;
  const order = { epoch, frameId, captureTimeUs };
  if (previous === null || epoch > previous.epoch) return { order, error: null };
  if (epoch < previous.epoch) {
    const expected = `at least ${previous.epoch}, the epoch of the frame before`;
    return { order: previous, error: outOfOrder('epoch', expected, epoch) };
  }
  if (frameId <= previous.frameId) {
    const expected =
      `more than ${previous.frameId}, the frameId before ` +
      '(a cart that starts counting again raises its epoch)';
    return { order: previous, error: outOfOrder('frameId', expected, frameId) };
  }
  if (captureTimeUs < previous.captureTimeUs) {
    const error = fieldError('ECHOLINE_FRAME_CAPTURE_TIME', {
      field: 'captureTimeUs',
      offsetBytes: HEADER_OFFSETS.captureTimeUs,
      expected: `at least ${previous.captureTimeUs}, the time of the frame before`,
      received: captureTimeUs,
    });
    return { order, error };
  }
  return { order, error: null };
}

function outOfOrder(field: 'epoch' | 'frameId', expected: string, received: number): EcholineError {
  const offsetBytes = HEADER_OFFSETS[field];
  const fault = { field, offsetBytes, expected, received };
  return fieldError('ECHOLINE_FRAME_OUT_OF_ORDER', fault);
}
