import type { Pipeline } from '../../../pipeline/pipeline.js';
import type { ProtocolLibrary } from '../../../session/procedure/protocol-library.js';
import { frameOfSimulated } from '../../simulated-frames.js';
import { createTrackEpochs } from '../../track-epochs.js';
import { createOracleDetector } from '../oracle-detector.js';
import { operateProcedure } from './operated-procedure.js';
import { createProcedureScorer, type ProcedureScore } from './procedure-scorer.js';
import { type RenderedProcedure, renderProcedure } from './rendered-procedure.js';

/** Side of the square pictures, px, and their rate. */
export const GUIDANCE_SIDE_PX = 384;
export const GUIDANCE_FPS = 15;
/** Procedures of the whole suite: about an hour. */
export const GUIDANCE_PROCEDURES = 120;

/** What reads the frames: the network, or an oracle with the truth plus noise. */
export type Detector = 'network' | 'oracle';

/** A procedure with its course, as it was and as it was counted. */
export interface PlayedProcedure extends ProcedureScore {
  readonly seed: number;
  readonly truePasses: number;
  /** null where the service counted none. */
  readonly passes: number | null;
  readonly eventCount: number;
  readonly isComplete: boolean;
}

export interface GuidanceSuiteOptions {
  readonly pipeline: Pipeline;
  readonly library: ProtocolLibrary;
  readonly detector: Detector;
  readonly procedures: number;
  /** Of each procedure; null = all. */
  readonly frames: number | null;
  readonly onFrame: (frames: number) => void;
  readonly stop: AbortSignal;
}

/**
 * Plays scripted procedures through the pipeline, one after the other, as in service: with track
 * epochs, a plan from a procedure's desk, and the desk's own counting.
 */
export async function playProcedures(
  options: GuidanceSuiteOptions,
): Promise<readonly PlayedProcedure[]> {
  const played: PlayedProcedure[] = [];
  let frames = 0;
  for (let seed = 1; seed <= options.procedures && !options.stop.aborted; seed++) {
    const rendered = await renderProcedure({
      seed,
      widthPx: GUIDANCE_SIDE_PX,
      heightPx: GUIDANCE_SIDE_PX,
      frameRateHz: GUIDANCE_FPS,
    });
    try {
      played.push(
        await playOne(seed, rendered, { ...options, onFrame: () => options.onFrame(++frames) }),
      );
    } finally {
      await rendered.close();
    }
  }
  return played;
}

async function playOne(
  seed: number,
  rendered: RenderedProcedure,
  { pipeline, library, detector, frames, onFrame, stop }: GuidanceSuiteOptions,
): Promise<PlayedProcedure> {
  const { course } = rendered;
  const operated = operateProcedure(library, pipeline.model, course);
  const scorer = createProcedureScorer(course.events);
  const trackEpochOf = createTrackEpochs();
  const oracle = createOracleDetector(seed);
  let truth: Parameters<typeof oracle.detect>[0] | null = null;
  const stream = pipeline.createStream({
    stills: false,
    ...(detector === 'oracle' && {
      detect: () => {
        if (truth === null) throw new Error('Assertion failed: a frame has its truth');
        return oracle.detect(truth, 1 / GUIDANCE_FPS);
      },
    }),
  });
  const until = Math.min(course.frameCount, frames ?? course.frameCount);
  let index = 0;
  for await (const simulated of rendered.frames()) {
    if (index >= until || stop.aborted) break;
    const { isFrozen, geometryChanged, timeUs } = simulated;
    const plain = frameOfSimulated(course, simulated, index);
    const frame = { ...plain, flags: { ...plain.flags, isFrozen, geometryChanged } };
    truth = simulated.truth;
    operated.advance(timeUs / 1e6);
    stream.plan = operated.plan();
    const trackEpoch = trackEpochOf(frame);
    const result = await pipeline.process(stream, frame, trackEpoch, timeUs);
    operated.observe(frame, trackEpoch, result);
    if (result.kind === 'ok') scorer.add(simulated, { frame, ...result });
    index += 1;
    onFrame(1);
  }
  return {
    ...scorer.score(),
    seed,
    truePasses: course.passes,
    passes: operated.end().metrics.passes,
    eventCount: course.events.length,
    isComplete: index === course.frameCount,
  };
}
