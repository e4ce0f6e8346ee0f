import type { FrameJourney } from '../domain/frame-journey.js';
import type { VerdictKind } from '../domain/verdict.js';
import { AGE_UNCERTAINTY_MAX_US } from './frame-age.js';
import type { FlowEnd, OfferedFrame } from './frame-flow.js';
import type { CartClock } from './session-listener.js';

/**
 * Puts a frame's times together once it has ended.
 *
 * @param clock - how the cart's clock relates to the service's; null while unknown
 * @param endedAtUs - its overlay was handed out, or it had its verdict
 */
export function journeyOf(
  stream: string,
  item: OfferedFrame,
  end: FlowEnd,
  clock: CartClock | null,
  endedAtUs: number,
): FrameJourney {
  const { epoch, frameId, captureTimeUs } = item.frame;
  const isKnown = clock !== null && clock.uncertaintyUs <= AGE_UNCERTAINTY_MAX_US;
  const times = end.kind === 'result' ? end.times : null;
  const stageMs = end.kind === 'result' && end.result.kind === 'ok' ? end.result.stageMs : null;
  return {
    stream,
    epoch,
    frameId,
    verdict: verdictOf(end),
    dueAtUs: isKnown ? captureTimeUs + clock.cartOffsetUs : null,
    receivedAtUs: item.receivedAtUs,
    offeredAtUs: item.offeredAtUs,
    engine: times === null ? null : { ...times, stageMs },
    endedAtUs,
  };
}

/** The verdict of a frame that left the flow in this way. */
export function verdictOf(end: FlowEnd): VerdictKind {
  return end.kind === 'result' ? end.result.kind : end.kind;
}
