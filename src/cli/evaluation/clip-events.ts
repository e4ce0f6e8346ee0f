import type { FrameScore } from './score-frame.js';

/** A tip this near is the right one, mm (Yan's criterion for a video). */
export const CORRECT_WITHIN_MM = 3;
/** Shorter runs of frames with a visible tip ask too much of anyone, µs. */
const RUN_MIN_US = 300_000;
/** Runs of frames with a stated and a visible tip shorter than this say nothing of jitter. */
const JITTER_FRAMES_MIN = 8;
const SUCCESS_SHARE = 0.95;

/** What a clip says beyond its frames. Times in ms, distances in mm. */
export interface ClipEvents {
  /** From the first frame with a visible tip to the first correct one; Infinity: never. */
  readonly acquisitionMs: readonly number[];
  /** The same each time that the tip comes back into view. */
  readonly reacquisitionMs: readonly number[];
  /** At least 95 % of the frames from the acquisition on within 3 mm; null: no such run. */
  readonly isSuccess: boolean | null;
  /** Squared distances of the error from its mean over a run, and how many. */
  readonly jitterSquaredMm2: number;
  readonly jitterFrames: number;
  /** Change of the error from frame to frame. */
  readonly jumpsMm: readonly number[];
}

/**
 * Reads the scores of one clip, in order of time. Frames whose tip can be seen make runs; only
 * runs of at least 300 ms count as something to be acquired, because shorter ones end before the
 * bar of 300 ms is reached.
 */
export function clipEvents(scores: readonly FrameScore[]): ClipEvents {
  const runs = runsOf(scores, ({ needle, hasSpacing }) => needle === 'visible' && hasSpacing);
  const times = runs.map((run) => ({ run, ms: acquisitionMs(run) }));
  const [first, ...later] = times.filter(({ run }) => durationUs(run, scores) >= RUN_MIN_US);
  const tracked = runsOf(scores, ({ tipOffsetMm }) => tipOffsetMm !== null);
  const steady = tracked.filter((run) => run.length >= JITTER_FRAMES_MIN);
  return {
    acquisitionMs: first === undefined ? [] : [first.ms],
    reacquisitionMs: later.map(({ ms }) => ms),
    isSuccess: first === undefined ? null : isSuccess(runs.flat()),
    jitterSquaredMm2: steady.reduce((sum, run) => sum + squaredSpreadMm2(run), 0),
    jitterFrames: steady.reduce((sum, run) => sum + run.length, 0),
    jumpsMm: tracked.flatMap(jumpsMm),
  };
}

function runsOf(
  scores: readonly FrameScore[],
  belongs: (score: FrameScore) => boolean,
): readonly (readonly FrameScore[])[] {
  const runs: FrameScore[][] = [];
  let run: FrameScore[] = [];
  for (const score of scores) {
    if (belongs(score)) {
      if (run.length === 0) runs.push(run);
      run.push(score);
    } else {
      run = [];
    }
  }
  return runs;
}

/** From the first frame of a run to the end of its last one, which lasts as long as others do. */
function durationUs(run: readonly FrameScore[], scores: readonly FrameScore[]): number {
  const spanUs = (list: readonly FrameScore[]) =>
    (list.at(-1)?.captureTimeUs ?? 0) - (list[0]?.captureTimeUs ?? 0);
  const frameUs = scores.length < 2 ? 0 : spanUs(scores) / (scores.length - 1);
  return spanUs(run) + frameUs;
}

function isCorrect({ tipErrorMm }: FrameScore): boolean {
  return tipErrorMm !== null && tipErrorMm <= CORRECT_WITHIN_MM;
}

function acquisitionMs(run: readonly FrameScore[]): number {
  const found = run.find(isCorrect);
  if (found === undefined) return Number.POSITIVE_INFINITY;
  return (found.captureTimeUs - (run[0]?.captureTimeUs ?? 0)) / 1000;
}

function isSuccess(visible: readonly FrameScore[]): boolean {
  const start = visible.findIndex(isCorrect);
  if (start < 0) return false;
  const after = visible.slice(start);
  return after.filter(isCorrect).length >= SUCCESS_SHARE * after.length;
}

function squaredSpreadMm2(run: readonly FrameScore[]): number {
  const mean = (axis: 'x' | 'y') =>
    run.reduce((sum, { tipOffsetMm }) => sum + (tipOffsetMm?.[axis] ?? 0), 0) / run.length;
  const x = mean('x');
  const y = mean('y');
  return run.reduce((sum, { tipOffsetMm }) => {
    return sum + ((tipOffsetMm?.x ?? 0) - x) ** 2 + ((tipOffsetMm?.y ?? 0) - y) ** 2;
  }, 0);
}

function jumpsMm(run: readonly FrameScore[]): readonly number[] {
  return run.slice(1).map((score, index) => {
    const before = run[index]?.tipOffsetMm;
    const x = (score.tipOffsetMm?.x ?? 0) - (before?.x ?? 0);
    const y = (score.tipOffsetMm?.y ?? 0) - (before?.y ?? 0);
    return Math.hypot(x, y);
  });
}
