import type { FrameIdentity } from '../domain/frame.js';

/** Tells pictures that go on from pictures that go back. */
export interface FrameSequence {
  /** Whether a frame that arrived may go on the screen. */
  accepts(frame: FrameIdentity): boolean;
  /** The next frame may have any number: there is, or will be, another cart. */
  restart(): void;
}

/**
 * Frames are relayed whatever their verdict, so also those that a cart sent twice or in the wrong
 * order. An older picture must not come back on the screen; yet a new cart counts from the start,
 * and its pictures must not be lost. So a frame that repeats or goes back is dropped, and the next
 * one that goes on from *it* is believed: a new numbering costs one frame at most.
 */
export function createFrameSequence(): FrameSequence {
  let last: FrameIdentity | null = null;
  let dropped: FrameIdentity | null = null;
  return {
    accepts({ epoch, frameId }) {
      const frame = { epoch, frameId };
      const goesOn =
        last === null || isAfter(frame, last) || (dropped !== null && isAfter(frame, dropped));
      if (goesOn) last = frame;
      dropped = goesOn ? null : frame;
      return goesOn;
    },
    restart() {
      last = null;
      dropped = null;
    },
  };
}

function isAfter(a: FrameIdentity, b: FrameIdentity): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.frameId > b.frameId);
}
