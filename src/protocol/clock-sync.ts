import type { ClockReply, ClockRequest } from './control-messages.js';

/**
 * Clock synchronisation by four timestamps (as NTP, RFC 5905 section 8, without its filters'
 * state).
 *
 * Each exchange bounds the offset: whatever way the round trip splits into two delays, the truth
 * lies within half the round trip of the midpoint. A bound ages by the drift two crystals may have.
 * The estimate is the intersection of the bounds of the best exchanges, so its uncertainty holds
 * under asymmetric delays too, and nothing is assumed that was not measured.
 */

/** The four times of one exchange, µs. */
export interface ClockExchange {
  /** Own clock, request sent. */
  readonly t0Us: number;
  /** Peer's clock, request received. */
  readonly t1Us: number;
  /** Peer's clock, reply sent. */
  readonly t2Us: number;
  /** Own clock, reply received. */
  readonly t3Us: number;
}

/** How the peer's clock relates to our own. */
export interface ClockEstimate {
  /** Peer's clock − own clock, µs. */
  readonly offsetUs: number;
  /** The true offset lies within ± this, µs. */
  readonly uncertaintyUs: number;
}

/** Exchanges remembered, and how many of them (shortest round trip, allowing for age) are used. */
const WINDOW = 16;
const USED = 8;
/** Two crystals of ± 100 ppm each, the usual worst case of computer clocks. */
const DRIFT_PER_US = 200e-6;
/** Requests that may wait for their reply; older ones are forgotten. */
const PENDING_MAX = 8;

export interface ClockSync {
  /** Makes a request to send now. */
  request(nowUs: number): ClockRequest;
  /**
   * Takes a reply received at `nowUs`; false when it answers nothing we asked or makes no sense.
   */
  receive(reply: ClockReply, nowUs: number): boolean;
  /** Takes one exchange; false (and ignored) when its times contradict each other. */
  add(exchange: ClockExchange): boolean;
  /** null before the first exchange. */
  estimate(nowUs: number): ClockEstimate | null;
}

interface Bound {
  readonly atUs: number;
  readonly roundTripUs: number;
  readonly offsetUs: number;
}

/** One peer's clock. All times are arguments, in µs of one's own monotonic clock. */
export function createClockSync(): ClockSync {
  const pending: number[] = [];
  let bounds: Bound[] = [];

  function add(exchange: ClockExchange): boolean {
    const bound = boundOf(exchange);
    if (bound === null) return false;
    bounds = [...bounds, bound].slice(-WINDOW);
    // A clock that stepped contradicts its own past: then only the newest bound counts.
    const used = [...sharpest(bounds, bound.atUs), bound];
    if (intersect(used, bound.atUs) === null) bounds = [bound];
    return true;
  }

  return {
    add,
    request(nowUs) {
      const t0Us = Math.round(nowUs);
      pending.push(t0Us);
      if (pending.length > PENDING_MAX) pending.shift();
      return { type: 'clock', t0Us };
    },
    receive(reply, nowUs) {
      const index = pending.indexOf(reply.t0Us);
      if (index === -1) return false;
      pending.splice(index, 1);
      return add({ t0Us: reply.t0Us, t1Us: reply.t1Us, t2Us: reply.t2Us, t3Us: nowUs });
    },
    estimate(nowUs) {
      return bounds.length === 0 ? null : intersect(sharpest(bounds, nowUs), nowUs);
    },
  };
}

/** The answer to a clock request: `receivedAtUs` and `nowUs` on the answerer's clock. */
export function answerClock(
  request: ClockRequest,
  receivedAtUs: number,
  nowUs: number,
): ClockReply {
  const t1Us = Math.round(receivedAtUs);
  return { type: 'clock-reply', t0Us: request.t0Us, t1Us, t2Us: Math.round(nowUs) };
}

/** A time on the peer's clock, expressed on our own. */
export function peerToOwnUs(peerUs: number, estimate: ClockEstimate): number {
  return peerUs - estimate.offsetUs;
}

function boundOf({ t0Us, t1Us, t2Us, t3Us }: ClockExchange): Bound | null {
  const roundTripUs = t3Us - t0Us - (t2Us - t1Us);
  const isSensible = [t0Us, t1Us, t2Us, t3Us].every(Number.isFinite);
  if (!isSensible || t2Us < t1Us || t3Us < t0Us || roundTripUs < 0) return null;
  // Timestamps are whole microseconds, so even a zero round trip leaves one unknown.
  const offsetUs = (t1Us - t0Us + (t2Us - t3Us)) / 2;
  return { atUs: t3Us, roundTripUs: Math.max(1, roundTripUs), offsetUs };
}

/**
 * Half the width of a bound at `nowUs`: half the round trip, and what the clocks may have drifted.
 */
function halfWidthUs(bound: Bound, nowUs: number): number {
  return bound.roundTripUs / 2 + Math.abs(nowUs - bound.atUs) * DRIFT_PER_US;
}

function sharpest(bounds: readonly Bound[], nowUs: number): Bound[] {
  return [...bounds].sort((a, b) => halfWidthUs(a, nowUs) - halfWidthUs(b, nowUs)).slice(0, USED);
}

/** The offsets that all bounds allow at `nowUs`; null when they contradict each other. */
function intersect(bounds: readonly Bound[], nowUs: number): ClockEstimate | null {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const bound of bounds) {
    const halfUs = halfWidthUs(bound, nowUs);
    low = Math.max(low, bound.offsetUs - halfUs);
    high = Math.min(high, bound.offsetUs + halfUs);
  }
  return low > high ? null : { offsetUs: (low + high) / 2, uncertaintyUs: (high - low) / 2 };
}
