import type { FrameIdentity } from '../domain/frame.js';

/** Something for one display that belongs to one frame. */
export interface PacedItem extends FrameIdentity {
  readonly bytes: Uint8Array;
}

/** What an acknowledgement names; without an epoch the newest sent one with that frameId. */
export interface AcknowledgedFrame {
  readonly frameId: number;
  readonly epoch?: number | undefined;
}

interface Sent extends FrameIdentity {
  readonly sentAtUs: number;
}

/** Sent items remembered while nothing is ever acknowledged. */
const REMEMBERED_MAX = 256;

/**
 * A display's slot for one kind of message (architecture decision 7): so many may be
 * unacknowledged, and behind them waits exactly one, the newest. A slow display gets fewer, never
 * older ones.
 *
 * Pure bookkeeping: it says what to send, the caller sends it.
 */
export interface PacedSlot {
  /** Offers an item; returns what to send now: the item, or null when it has to wait. */
  offer(item: PacedItem, nowUs: number): PacedItem | null;
  /** Counts everything up to that frame as acknowledged; returns what to send now. */
  acknowledge(frame: AcknowledgedFrame, nowUs: number): PacedItem | null;
  /** Sends what waits if it may go now: for a gate that has opened. */
  flush(nowUs: number): PacedItem | null;
  /** When the oldest unacknowledged item was sent, µs; null when nothing is owed. */
  owedSinceUs(): number | null;
  /** Whether this display ever acknowledged something. */
  readonly hasAcknowledged: boolean;
  /** Items that a newer one replaced in the slot. */
  readonly replaced: number;
}

/**
 * @param unacknowledgedMax - how many may be on their way
 * @param isGateOpen - asked instead of counting until the first acknowledgement, for peers that
 *   need not acknowledge; null = count from the start
 */
export function createPacedSlot(
  unacknowledgedMax: number,
  isGateOpen: (() => boolean) | null,
): PacedSlot {
  let waiting: PacedItem | null = null;
  let sent: Sent[] = [];
  let hasAcknowledged = false;
  let replaced = 0;

  function mayGo(): boolean {
    if (isGateOpen !== null && !hasAcknowledged) return isGateOpen();
    return sent.length < unacknowledgedMax;
  }

  function flush(nowUs: number): PacedItem | null {
    if (waiting === null || !mayGo()) return null;
    const item = waiting;
    waiting = null;
    sent.push({ epoch: item.epoch, frameId: item.frameId, sentAtUs: nowUs });
    if (sent.length > REMEMBERED_MAX) sent.shift();
    return item;
  }

  return {
    offer(item, nowUs) {
      if (waiting !== null) replaced += 1;
      waiting = item;
      return flush(nowUs);
    },
    acknowledge(frame, nowUs) {
      const index = sent.findLastIndex(
        (one) =>
          one.frameId === frame.frameId && (frame.epoch === undefined || one.epoch === frame.epoch),
      );
      if (index === -1) return null;
      hasAcknowledged = true;
      sent = sent.slice(index + 1);
      return flush(nowUs);
    },
    flush,
    owedSinceUs() {
      if (isGateOpen !== null && !hasAcknowledged) return null;
      return sent[0]?.sentAtUs ?? null;
    },
    get hasAcknowledged() {
      return hasAcknowledged;
    },
    get replaced() {
      return replaced;
    },
  };
}
