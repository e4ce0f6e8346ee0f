import type { BenchMode, SuiteName } from '../result.js';
import { DISPLAY_CASES } from './displays.js';
import { OTHER_FRAMES_MAX } from './end-to-end.js';
import { STREAM_COUNTS, STREAM_FRAMES_MAX } from './streams.js';
import { SCALES, type SuiteScale } from './suite.js';

type Mode = Exclude<BenchMode, 'clip'>;

const FPS = 30;
/** Start of a generator and its connections, and the wait for the last answers, s. */
const LOAD_OVERHEAD_S = 0.8;
/** A floor's own process with its network or its socket, s. */
const FLOOR_OVERHEAD_S = 1;
/** One frame after the other on a quiet machine of two cores, s; more elsewhere. */
const CLOSED_FRAME_S = 0.005;
/** Starting a service or a peer, s. */
const START_S = 2;
/** Until peers that queue have worked off twice Echoline's capacity, in times of the load's. */
const DRAIN = 6;

/**
 * How long a suite is meant to take on two quiet cores, s: what is due by the clock, and estimates
 * of the rest. The terminal counts down from it; nothing else depends on it.
 */
export function plannedSeconds(name: SuiteName, mode: Mode): number {
  return PLANS[name](SCALES[mode], mode);
}

const PLANS: Readonly<Record<SuiteName, (scale: SuiteScale, mode: Mode) => number>> = {
  kernels: (_, mode) => ({ smoke: 1, quick: 12, full: 20 })[mode],
  pipeline: (scale) => 3 + 3 * (scale.warmUpFrames + scale.frames) * CLOSED_FRAME_S,
  'end-to-end': endToEndSeconds,
  streams(scale, mode) {
    const each = pacedSeconds({ ...scale, frames: Math.min(scale.frames, STREAM_FRAMES_MAX) });
    const raw = mode === 'smoke' ? FLOOR_OVERHEAD_S : FLOOR_OVERHEAD_S + 500 * 0.0025;
    const ladder = Math.min(STREAM_COUNTS[mode].length, 9);
    return START_S + (ladder + scale.repetitions - 1) * each + scale.repetitions * raw;
  },
  displays(scale, mode) {
    const loads = mode === 'smoke' ? 1 : 2 * scale.repetitions + DISPLAY_CASES.length - 2;
    return loads * pacedSeconds(scale);
  },
  overload(scale, mode) {
    const loads = 1 + scale.repetitions * (mode === 'smoke' ? 2 : 5);
    return loads * overloadSeconds(scale) + (scale.warmUpFrames + scale.frames) * CLOSED_FRAME_S;
  },
  peers(scale, mode) {
    const targets = mode === 'smoke' ? 2 : 4;
    const paced = targets * pacedSeconds(scale);
    if (mode === 'smoke') return START_S + paced;
    const above = 2 * targets * overloadSeconds(scale) + DRAIN * scale.overloadSeconds;
    return targets * START_S + scale.repetitions * (paced + above);
  },
  start: (_, mode) => ({ smoke: 1, quick: 3, full: 5 })[mode] * START_S,
  soak(scale, mode) {
    const parts = mode === 'smoke' ? 2 : 20;
    return START_S + parts * LOAD_OVERHEAD_S + scale.soakFrames * CLOSED_FRAME_S;
  },
  cost: () => 0,
};

function endToEndSeconds(scale: SuiteScale, mode: Mode): number {
  const rows = mode === 'smoke' ? 2 : 3;
  const floor = FLOOR_OVERHEAD_S + Math.min(300, scale.frames) / FPS;
  const short = FLOOR_OVERHEAD_S + Math.min(90, scale.frames) / FPS;
  const each = pacedSeconds(scale) + floor + short;
  const frames = Math.min(scale.frames, OTHER_FRAMES_MAX);
  const others = mode === 'full' ? 5 * pacedSeconds({ ...scale, frames }) : 0;
  return START_S + scale.repetitions * (floor + rows * each) + others;
}

function pacedSeconds({ frames, warmUpFrames }: SuiteScale): number {
  return (frames + warmUpFrames) / FPS + LOAD_OVERHEAD_S;
}

function overloadSeconds(scale: SuiteScale): number {
  return 1.2 * scale.overloadSeconds + LOAD_OVERHEAD_S;
}
