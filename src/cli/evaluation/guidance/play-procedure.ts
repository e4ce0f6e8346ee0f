import type { Frame } from '../../../domain/frame.js';
import {
  createProcedureClip,
  type ProcedureClip,
  type ProcedureFrame,
} from '../../../phantom/procedure/procedure-clip.js';
import type { Pipeline } from '../../../pipeline/pipeline.js';
import type { ProtocolLibrary } from '../../../session/procedure/protocol-library.js';
import { frameOfSimulated } from '../../simulated-frames.js';
import { createTrackEpochs } from '../../track-epochs.js';
import { createOracleDetector } from '../oracle-detector.js';
import { createTruthReader, type FrameTruth } from './frame-truth.js';
import { operateProcedure } from './operated-procedure.js';
import {
  type Detector,
  GUIDANCE_FPS,
  GUIDANCE_SIDE_PX,
  type PlayedProcedure,
} from './played-procedure.js';
import { createProcedureScorer } from './procedure-scorer.js';

export interface PlayOptions {
  readonly pipeline: Pipeline;
  readonly library: ProtocolLibrary;
  readonly detectors: readonly Detector[];
  readonly seed: number;
  /** Only the first so many; null = all. */
  readonly frames: number | null;
  readonly onFrame: () => void;
}

/**
 * Plays a scripted procedure through the pipeline as in service: with track epochs, a plan from a
 * procedure's desk, and the desk's own counting. Each picture is rendered once for all detectors.
 */
export async function playProcedure(options: PlayOptions): Promise<readonly PlayedProcedure[]> {
  const clip = createProcedureClip({
    seed: options.seed,
    widthPx: GUIDANCE_SIDE_PX,
    heightPx: GUIDANCE_SIDE_PX,
    frameRateHz: GUIDANCE_FPS,
  });
  const players = options.detectors.map((detector) => createPlayer(detector, clip, options));
  const readTruth = createTruthReader(clip.events);
  const until = Math.min(clip.frameCount, options.frames ?? clip.frameCount);
  for (let index = 0; index < until; index++) {
    const simulated = clip.nextFrame();
    const { isFrozen, geometryChanged } = simulated;
    const plain = frameOfSimulated(clip, simulated, index);
    const frame = { ...plain, flags: { ...plain.flags, isFrozen, geometryChanged } };
    const known = readTruth(simulated);
    for (const player of players) await player.add(simulated, frame, known);
    options.onFrame();
  }
  return players.map((player) => player.end(until === clip.frameCount));
}

/** One detector's way through a procedure. */
interface Player {
  add(simulated: ProcedureFrame, frame: Frame, known: FrameTruth): Promise<void>;
  end(isComplete: boolean): PlayedProcedure;
}

function createPlayer(
  detector: Detector,
  clip: ProcedureClip,
  { pipeline, library, seed }: PlayOptions,
): Player {
  const operated = operateProcedure(library, pipeline.model, clip);
  const scorer = createProcedureScorer(clip.events);
  const trackEpochOf = createTrackEpochs();
  const oracle = createOracleDetector(seed);
  let truth: ProcedureFrame['truth'] | null = null;
  const stream = pipeline.createStream({
    stills: false,
    ...(detector === 'oracle' && {
      detect: () => {
        if (truth === null) throw new Error('Assertion failed: a frame has its truth');
        return oracle.detect(truth, 1 / GUIDANCE_FPS);
      },
    }),
  });
  return {
    async add(simulated, frame, known) {
      const { timeUs } = simulated;
      truth = simulated.truth;
      operated.advance(timeUs / 1e6);
      stream.plan = operated.plan();
      const trackEpoch = trackEpochOf(frame);
      const result = await pipeline.process(stream, frame, trackEpoch, timeUs);
      operated.observe(frame, trackEpoch, result);
      if (result.kind === 'ok') scorer.add(known, { frame, ...result });
    },
    end: (isComplete) => ({
      ...scorer.score(),
      detector,
      seed,
      truePasses: clip.passes,
      passes: operated.end().metrics.passes,
      eventCount: clip.events.length,
      isComplete,
    }),
  };
}
