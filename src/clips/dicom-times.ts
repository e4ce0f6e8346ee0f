import type { DataSet } from 'dicom-parser';
import { EcholineError } from '../domain/errors.js';
import { timeAtRateUs } from './clip-options.js';
import { decimalsOf, TAG } from './dicom-elements.js';

/** Frame rates outside these are slips of the pen. */
const RATE_MIN_HZ = 0.01;
const RATE_MAX_HZ = 10_000;

/**
 * Capture time of each frame, µs from the first. In this order: the frame rate that was asked for,
 * FrameTimeVector, FrameTime, CineRate, RecommendedDisplayFrameRate. A rate outside
 * 0.01 to 10,000 Hz counts as not there. A single frame needs none.
 *
 * @throws EcholineError ECHOLINE_CLIP_TIMESTAMPS when no rate is told, or when the vector has
 *   another length or does not rise
 */
export function readDicomTimes(
  name: string,
  dataSet: DataSet,
  frameCount: number,
  fps: number | null,
): readonly number[] {
  const indices = Array.from({ length: frameCount }, (_, index) => index);
  if (fps !== null) return indices.map((index) => timeAtRateUs(index, fps));
  if (frameCount === 1) return [0];
  const increments = decimalsOf(dataSet, TAG.frameTimeVector);
  if (increments.length > 0) return timesOfVector(name, increments, frameCount);
  const rate = frameRateOf(dataSet);
  if (rate !== null) return indices.map((index) => timeAtRateUs(index, rate));
  throw timestampsError(
    name,
    `${frameCount} frames, and neither FrameTimeVector, FrameTime, CineRate nor ` +
      'RecommendedDisplayFrameRate says how far apart they are',
  );
}

function frameRateOf(dataSet: DataSet): number | null {
  const [frameTimeMs = 0] = decimalsOf(dataSet, TAG.frameTime);
  const [cine = 0] = decimalsOf(dataSet, TAG.cineRate);
  const [recommended = 0] = decimalsOf(dataSet, TAG.recommendedFrameRate);
  const rates = [1000 / frameTimeMs, cine, recommended];
  return rates.find((rate) => rate >= RATE_MIN_HZ && rate <= RATE_MAX_HZ) ?? null;
}

/** Increments in ms, the first one from the start (PS3.3 C.7.6.5): it is left out. */
function timesOfVector(
  name: string,
  increments: readonly number[],
  frameCount: number,
): readonly number[] {
  if (increments.length !== frameCount) {
    throw timestampsError(
      name,
      `FrameTimeVector has ${increments.length} values for ${frameCount} frames`,
    );
  }
  let timeMs = 0;
  return increments.map((increment, index) => {
    if (index > 0 && !(increment >= 1000 / RATE_MAX_HZ && increment <= 1000 / RATE_MIN_HZ)) {
      const what = `FrameTimeVector does not rise plausibly at frame ${index}`;
      throw timestampsError(name, what);
    }
    if (index > 0) timeMs += increment;
    return Math.round(timeMs * 1000);
  });
}

function timestampsError(name: string, what: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_TIMESTAMPS',
    `${name}: ${what}. Give the frame rate with --fps.`,
  );
}
