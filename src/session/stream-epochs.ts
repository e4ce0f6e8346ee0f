import type { Frame } from '../domain/frame.js';
import {
  type ColdStartReason,
  coldStartReason,
  continuityOf,
  type FrameContinuity,
} from '../domain/track-epoch.js';

/** The track epochs of a stream: raised whenever its tracker has to start cold. */
export interface StreamEpochs {
  readonly trackEpoch: number;
  /** Another cart: its first frame starts cold, but for the first cart of all. */
  cartAttached(): void;
  /** Takes a frame; says why the epoch rose with it, or null. */
  frame(frame: Frame): ColdStartReason | 'cart-attached' | null;
  /** The tracker is gone with its engine. Returns the new epoch. */
  raise(): number;
}

export function createStreamEpochs(): StreamEpochs {
  let trackEpoch = 0;
  let continuity: FrameContinuity | null = null;
  let isNextCold = false;
  return {
    get trackEpoch() {
      return trackEpoch;
    },
    cartAttached() {
      isNextCold = continuity !== null;
      continuity = null;
    },
    frame(frame) {
      const reason = isNextCold ? 'cart-attached' : coldStartReason(continuity, frame);
      isNextCold = false;
      continuity = continuityOf(frame);
      if (reason !== null) trackEpoch += 1;
      return reason;
    },
    raise() {
      trackEpoch += 1;
      return trackEpoch;
    },
  };
}
