import type { RefusedMessage } from './display-events.js';

/**
 * What is wrong with what comes, though something comes: `overlay-invalid` the service's overlays
 * are refused, so nothing of them is shown · `overlays-without-frames` overlays come, pictures do
 * not.
 */
export type StreamFault = 'overlay-invalid' | 'overlays-without-frames';

/** A refusal stays in sight for this long, so that a single one is seen at all, ms. */
export const INVALID_SHOWN_MS = 2000;
/** Overlays without any frame for this long are a fault, ms. */
const FRAMES_MISSING_MS = 1000;

/** Times are µs of the display's clock. */
export interface StreamFaultWatch {
  refused(message: RefusedMessage, nowUs: number): void;
  /** An overlay that contradicts its frame counts as refused, too. */
  contradicted(nowUs: number): void;
  overlay(nowUs: number): void;
  frame(nowUs: number): void;
  /** null while nothing is wrong. */
  fault(nowUs: number): StreamFault | null;
}

/** Makes a watch. */
export function createStreamFaultWatch(): StreamFaultWatch {
  let invalidAtUs = Number.NEGATIVE_INFINITY;
  let overlayAtUs = Number.NEGATIVE_INFINITY;
  let frameAtUs: number | null = null;
  /** When overlays began to come without a frame; null while frames come. */
  let aloneSinceUs: number | null = null;
  return {
    refused({ what }, nowUs) {
      if (what === 'overlay') invalidAtUs = nowUs;
    },
    contradicted(nowUs) {
      invalidAtUs = nowUs;
    },
    overlay(nowUs) {
      const lastMs = frameAtUs === null ? Number.POSITIVE_INFINITY : (nowUs - frameAtUs) / 1000;
      if (lastMs < FRAMES_MISSING_MS) aloneSinceUs = null;
      else aloneSinceUs ??= frameAtUs ?? nowUs;
      overlayAtUs = nowUs;
    },
    frame(nowUs) {
      frameAtUs = nowUs;
      aloneSinceUs = null;
    },
    fault(nowUs) {
      if ((nowUs - invalidAtUs) / 1000 < INVALID_SHOWN_MS) return 'overlay-invalid';
      const isComing = (nowUs - overlayAtUs) / 1000 < FRAMES_MISSING_MS;
      const isAlone = aloneSinceUs !== null && (nowUs - aloneSinceUs) / 1000 >= FRAMES_MISSING_MS;
      return isComing && isAlone ? 'overlays-without-frames' : null;
    },
  };
}
