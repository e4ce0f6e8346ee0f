import type { FrameContext, FrameReading, FrameTrack } from '../frame-context.js';
import type { StatefulStage } from '../stage.js';
import { stillNeedle } from './needle-report.js';
import { createNeedleTrack, type NeedleTrackState, stepNeedleTrack } from './needle-track.js';
import {
  createStructureTracks,
  type StructureTracks,
  stepStructureTracks,
} from './structure-tracks.js';

/** Everything of one stream that is followed. */
export interface TrackState {
  readonly needle: NeedleTrackState;
  readonly structures: StructureTracks;
}

/** One frame as it was read. */
export interface TrackInput {
  readonly reading: FrameReading;
  readonly context: FrameContext;
}

/**
 * The stage that says what is there, from what single frames show: the needle with its movement,
 * and structures that keep their identity. Stills and frozen images are read by themselves.
 */
export const trackStage: StatefulStage<TrackState, TrackInput, FrameTrack> = {
  createState: () => ({ needle: createNeedleTrack(), structures: createStructureTracks() }),
  step: (state, { reading, context }, nowUs) => {
    const isBlind = context.isFlat || context.isForeign || reading.isContactLost;
    const { tipErrorLasting } = reading;
    const sight = { reading: reading.needle, tipErrorLasting, context, isBlind };
    const { needle, motion } = context.isStill
      ? { needle: stillNeedle(sight), motion: null }
      : stepNeedleTrack(state.needle, sight, nowUs);
    return {
      needle,
      motion,
      structures: context.isStill
        ? reading.structures.map((seen) => ({ ...seen, isCoasting: false }))
        : stepStructureTracks(state.structures, reading.structures, context, nowUs),
    };
  },
};
