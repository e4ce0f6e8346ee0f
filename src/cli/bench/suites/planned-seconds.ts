import type { BenchMode, SuiteName } from '../result.js';
import { DISPLAY_CASES, MIDDLE_FRAMES_MAX } from './displays.js';
import { FLOOR_RUNS_MAX, FLOOR_RUNS_OF_MEDIAN, OTHER_FRAMES_MAX } from './end-to-end.js';
import { PACED_FPS } from './peers.js';
import { CHUNKS } from './soak.js';
import { STARTS } from './start.js';
import { RAW_RUNS, STREAM_COUNTS, streamFrames } from './streams.js';
import { SCALES, type SuiteScale } from './suite.js';

type Mode = Exclude<BenchMode, 'clip'>;

const FPS = 30;
/** Start of a generator and its connections, and the wait for the last answers, s. */
const LOAD_OVERHEAD_S = 0.8;
/** A floor's own process with its network or its socket, and what does not count, s. */
const FLOOR_OVERHEAD_S = 1.2;
/** One frame after the other on a quiet machine of two cores, s; more elsewhere. */
const CLOSED_FRAME_S = 0.005;
/** The same of two carts at a time. */
const SOAK_FRAME_S = 0.0035;
/** The network by itself, back to back, s. */
const RAW_RUN_S = 0.0025;
/** Starting a service or a peer, s. */
const START_S = 2;
/** Until peers that queue have worked off twice Echoline's capacity, in times of the load's. */
const DRAIN = 3;
/** What two cores carry, and where the ladder ends, about. */
const CARRIED_STREAMS = 8;
const LAST_STREAMS = 12;

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
    const raw = mode === 'smoke' ? FLOOR_OVERHEAD_S : FLOOR_OVERHEAD_S + RAW_RUNS * RAW_RUN_S;
    const each = (count: number) => pacedSeconds(scale, streamFrames(count, scale.frames));
    const ladder = sum(STREAM_COUNTS[mode].filter((count) => count <= LAST_STREAMS).map(each));
    const confirmed = (scale.repetitions - 1) * each(CARRIED_STREAMS);
    return START_S + ladder + confirmed + scale.repetitions * raw;
  },
  displays(scale, mode) {
    if (mode === 'smoke') return pacedSeconds(scale);
    const middle = pacedSeconds(scale, Math.min(scale.frames, MIDDLE_FRAMES_MAX));
    return (DISPLAY_CASES.length - 1) * scale.repetitions * pacedSeconds(scale) + middle;
  },
  overload(scale, mode) {
    const rows = scale.repetitions * (pacedSeconds(scale) + aboveSeconds(scale.overloadSeconds));
    const curve = (mode === 'smoke' ? 1 : 4) * aboveSeconds(scale.overloadSeconds);
    return rows + curve + (scale.warmUpFrames + scale.frames) * CLOSED_FRAME_S;
  },
  peers(scale, mode) {
    const targets = mode === 'smoke' ? 2 : 4;
    const paced = targets * pacedSeconds(scale, scale.frames, PACED_FPS);
    if (mode === 'smoke') return START_S + paced;
    const above = 2 * targets * aboveSeconds(scale.queueSeconds) + DRAIN * scale.queueSeconds;
    return targets * START_S + scale.repetitions * (paced + above);
  },
  start: (_, mode) => STARTS[mode] * START_S,
  soak(scale, mode) {
    const parts = mode === 'smoke' ? 2 : CHUNKS;
    return START_S + parts * LOAD_OVERHEAD_S + scale.soakFrames * SOAK_FRAME_S;
  },
  cost: () => 0,
};

function endToEndSeconds(scale: SuiteScale, mode: Mode): number {
  const floor = (runs: number) => FLOOR_OVERHEAD_S + Math.min(runs, scale.frames) / FPS;
  const [long, short] = [floor(FLOOR_RUNS_MAX), floor(FLOOR_RUNS_OF_MEDIAN)];
  const floors = mode === 'smoke' ? 2 * long : 2 * long + 2 * short;
  const rows = mode === 'smoke' ? 2 : 3;
  const others = mode === 'full' ? 5 * pacedSeconds(scale, OTHER_FRAMES_MAX) : 0;
  return START_S + scale.repetitions * (floors + rows * pacedSeconds(scale)) + others;
}

function pacedSeconds(scale: SuiteScale, frames = scale.frames, fps = FPS): number {
  return (frames + scale.warmUpFrames) / fps + LOAD_OVERHEAD_S;
}

/** With a fifth before it that does not count. */
function aboveSeconds(seconds: number): number {
  return 1.2 * seconds + LOAD_OVERHEAD_S;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
