import { type ClockSync, createClockSync } from '../protocol/clock-sync.js';
import type { ClockReply, ClockRequest } from '../protocol/control-messages.js';
import type { CartClock } from '../session/session-listener.js';

/** A burst at the start finds a short round trip; then drift is followed slowly. */
const BURST = 8;
const BURST_INTERVAL_US = 100_000;
const INTERVAL_US = 5_000_000;
/** An estimate is recomputed this often; it is asked for with every frame. */
const ESTIMATE_AGE_MAX_US = 250_000;

/** The service's knowledge of one cart's clock, and when to ask again. */
export interface CartClockKeeper {
  /** A request when it is time for one. */
  due(nowUs: number): ClockRequest | null;
  receive(reply: ClockReply, nowUs: number): void;
  /** null before the first good exchange. */
  estimate(nowUs: number): CartClock | null;
}

/** Keeps one cart's clock. */
export function createCartClock(): CartClockKeeper {
  const sync: ClockSync = createClockSync();
  let asked = 0;
  let askedAtUs = Number.NEGATIVE_INFINITY;
  let estimated: CartClock | null = null;
  let estimatedAtUs = Number.NEGATIVE_INFINITY;
  return {
    due(nowUs) {
      const intervalUs = asked < BURST ? BURST_INTERVAL_US : INTERVAL_US;
      if (nowUs - askedAtUs < intervalUs) return null;
      asked += 1;
      askedAtUs = nowUs;
      return sync.request(nowUs);
    },
    receive(reply, nowUs) {
      if (sync.receive(reply, nowUs)) estimatedAtUs = Number.NEGATIVE_INFINITY;
    },
    estimate(nowUs) {
      if (nowUs - estimatedAtUs < ESTIMATE_AGE_MAX_US) return estimated;
      estimatedAtUs = nowUs;
      const found = sync.estimate(nowUs);
      estimated =
        found === null
          ? null
          : {
              cartOffsetUs: Math.round(-found.offsetUs),
              uncertaintyUs: Math.ceil(found.uncertaintyUs),
            };
      return estimated;
    },
  };
}
