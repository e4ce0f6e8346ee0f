import { EcholineError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import type { CartClock } from './session-listener.js';

/** Largest clock uncertainty with which a frame's age is taken from its capture time, µs. */
export const AGE_UNCERTAINTY_MAX_US = 5000;

/**
 * When a frame becomes too old to start, µs of the service's clock. Its age counts from its
 * capture where the cart's clock is known to ± 5 ms, else from its arrival. A capture time in the
 * future does not prolong a frame's life.
 */
export function expiresAtUs(
  frame: Frame,
  receivedAtUs: number,
  clock: CartClock | null,
  frameAgeMaxMs: number,
): number {
  const isSynchronised = clock !== null && clock.uncertaintyUs <= AGE_UNCERTAINTY_MAX_US;
  const bornAtUs = isSynchronised
    ? Math.min(receivedAtUs, frame.captureTimeUs + clock.cartOffsetUs)
    : receivedAtUs;
  return bornAtUs + frameAgeMaxMs * 1000;
}

/** Why a frame expired. */
export function expiredError(
  receivedAtUs: number,
  nowUs: number,
  frameAgeMaxMs: number,
): EcholineError {
  const sinceReceivedMs = Math.round((nowUs - receivedAtUs) / 1000);
  const message =
    `Expected to start within ${frameAgeMaxMs} ms of capture while the cart is connected; ` +
    `the frame came in ${sinceReceivedMs} ms ago.`;
  return new EcholineError('ECHOLINE_FRAME_EXPIRED', message, { sinceReceivedMs, frameAgeMaxMs });
}
