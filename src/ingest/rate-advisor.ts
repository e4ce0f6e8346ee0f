import type { VerdictKind } from '../domain/verdict.js';
import type { RateMessage } from '../protocol/control-messages.js';

const WINDOW_US = 3_000_000;
const SUPERSEDED_SHARE_MAX = 0.2;
const REPEAT_AFTER_US = 5_000_000;
/** Below the measured rate, so that the queue of one empties. */
const HEADROOM = 0.9;

interface Counted {
  readonly atUs: number;
  readonly kind: VerdictKind;
}

export interface RateAdvisor {
  /** Counts a verdict; returns advice when it is due. */
  onVerdict(kind: VerdictKind, nowUs: number): RateMessage | null;
}

/**
 * Advises a cart that sends more than the engine takes: when over 20 % of three seconds' frames
 * were superseded, at most every five seconds. Newest wins either way; sending less saves Wi-Fi.
 */
export function createRateAdvisor(widthMaxPx: number): RateAdvisor {
  let counted: Counted[] = [];
  let sinceUs: number | null = null;
  let advisedAtUs = Number.NEGATIVE_INFINITY;
  return {
    onVerdict(kind, nowUs) {
      sinceUs ??= nowUs;
      counted.push({ atUs: nowUs, kind });
      const first = counted.findIndex(({ atUs }) => nowUs - atUs < WINDOW_US);
      if (first > 0) counted = counted.slice(first);
      if (nowUs - sinceUs < WINDOW_US || nowUs - advisedAtUs < REPEAT_AFTER_US) return null;
      const superseded = counted.filter((one) => one.kind === 'superseded').length;
      if (superseded <= SUPERSEDED_SHARE_MAX * counted.length) return null;
      advisedAtUs = nowUs;
      const processed = counted.filter((one) => one.kind === 'ok').length;
      const perSecond = processed / (WINDOW_US / 1e6);
      return {
        type: 'rate',
        suggestedFps: Math.max(1, Math.floor(perSecond * HEADROOM)),
        maxWidthPx: widthMaxPx,
        formats: ['gray8', 'jpeg'],
        reason:
          `${superseded} of ${counted.length} frames of the last ${WINDOW_US / 1e6} s were ` +
          `superseded; ${perSecond.toFixed(1)} a second were processed.`,
      };
    },
  };
}
