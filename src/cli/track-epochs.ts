import type { Frame } from '../domain/frame.js';
import { coldStartReason, continuityOf, type FrameContinuity } from '../domain/track-epoch.js';

/** Numbers the track epochs of a sequence of frames, as the service does for a live stream. */
export function createTrackEpochs(): (frame: Frame) => number {
  let trackEpoch = 0;
  let previous: FrameContinuity | null = null;
  return (frame) => {
    if (coldStartReason(previous, frame) !== null) trackEpoch += 1;
    previous = continuityOf(frame);
    return trackEpoch;
  };
}
