import type { EcholineError } from '../domain/errors.js';
import type { ExecutionProvider, ExecutionProviderFallback } from '../domain/execution-provider.js';
import type { Frame } from '../domain/frame.js';
import type { PointPx } from '../domain/geometry.js';
import { unavailableGuidance } from '../domain/guidance.js';
import { DEFAULT_PLAN, type GuidancePlan } from '../domain/guidance-plan.js';
import type { ModelManifest, PrecisionChoice } from '../domain/model-manifest.js';
import { absentNeedle } from '../domain/needle.js';
import type { FrameFindings, ModelIdentity, StageMs } from '../domain/overlay.js';
import type { Kernels } from '../kernels/kernels.js';
import { contextAsSent } from './context-as-sent.js';
import { createDecodeState, type DecodedFrame, type DecodeState } from './decode/decode.js';
import { decodeOrError } from './decode/decode-or-error.js';
import type { FrameContext, FrameReading } from './frame-context.js';
import { createGuide, type GuideStage, type GuideState } from './guide/guide.js';
import type { InferenceBackend } from './infer/inference-backend.js';
import { openBackend, type SelectedInference } from './infer/open-backend.js';
import type { ThreadsChoice } from './infer/tune-threads.js';
import { createPostprocess, type Postprocess } from './postprocess/postprocess.js';
import { isForeign } from './preprocess/is-foreign.js';
import {
  createPreprocess,
  type PreprocessOutput,
  type PreprocessState,
} from './preprocess/preprocess.js';
import type { Picture } from './spread/background.js';
import { type SpreadMemory, spreadStage } from './spread/spread.js';
import { createStageTimer, type StageTimer } from './stage-timer.js';
import { type TrackState, trackStage } from './track/track.js';
import { createTurns } from './turns.js';
import { warmUp } from './warm-up.js';

/** What became of a frame: findings, or the cart's error. Anything else is thrown. */
export type FrameResult =
  | { readonly kind: 'ok'; readonly findings: FrameFindings; readonly stageMs: StageMs }
  | { readonly kind: 'invalid'; readonly error: EcholineError };

/** All stages' states of one stream, opaque to callers but for `plan`; by `createStream`. */
export interface StreamState {
  readonly isStill: boolean;
  /** Reads frames in place of infer and postprocess (evaluation); absent = the network does. */
  readonly detect?: (frame: Frame) => FrameReading;
  /** What guidance goes by; set by the caller between frames, kept over track epochs. */
  plan: GuidancePlan;
  trackEpoch: number | null;
  readonly decode: DecodeState;
  preprocess: PreprocessState;
  track: TrackState;
  spread: SpreadMemory;
  guide: GuideState;
  /** Where the tip was one frame ago, image pixels; null when no needle is followed. */
  previousTip: PointPx | null;
}

/** What a pipeline is made of. */
export interface PipelineOptions {
  /** Folder with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  readonly precision: PrecisionChoice;
  readonly executionProvider: ExecutionProvider;
  readonly executionProviderFallback: ExecutionProviderFallback;
  /** 1 for many streams, 2 for one. */
  readonly intraOpThreads: ThreadsChoice;
  readonly kernels: Kernels;
  /** Frames before the pipeline counts as ready, after a few inferences; 20 in service. */
  readonly warmUpRuns: number;
  /** A monotonic clock, µs; for timing only. */
  readonly readClockUs: () => number;
}

/** A frame's path, from an encoded image to findings in its own pixels. */
export interface Pipeline {
  readonly manifest: ModelManifest;
  /** Names the file that runs. */
  readonly model: ModelIdentity;
  /** In which precision and on what the network runs, and why. */
  readonly selected: SelectedInference;
  /** Input and outputs of the last inference; valid until the next frame. */
  readonly network: Pick<InferenceBackend, 'input' | 'outputs'>;
  /**
   * Cold state for a stream; `stills` are unrelated images: no motion, no tracking. `detect` reads
   * the frames in place of the network, so that what follows can be judged apart from it.
   */
  createStream(options: {
    readonly stills: boolean;
    readonly detect?: StreamState['detect'];
  }): StreamState;
  /**
   * Processes one frame. Calls wait for one another: the network has one input.
   *
   * @param trackEpoch - when it differs from the last one, all stages start cold together
   * @param nowUs - capture time of the frame, monotonic within the track epoch
   * @throws EcholineError ECHOLINE_INFERENCE_FAILED
   */
  process(
    stream: StreamState,
    frame: Frame,
    trackEpoch: number,
    nowUs: number,
  ): Promise<FrameResult>;
  /** Frees the network; may be called again. */
  close(): Promise<void>;
}

/**
 * Loads the model and puts the stages together; the only place where they meet.
 *
 * @throws EcholineError ECHOLINE_MODEL_*
 */
export async function createPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { kernels, readClockUs } = options;
  const { backend, manifest, selected, sha256 } = await openBackend(options);
  const [, , heightPx, widthPx] = manifest.input.shape;
  const { neutral } = manifest.input;
  const motion = createPreprocess({ kernels, widthPx, heightPx, neutral });
  const stills = createPreprocess({ kernels, widthPx, heightPx, neutral, stills: true });
  const postprocess = createPostprocess(manifest, kernels);
  const guide = createGuide(manifest);
  const processOne: Pipeline['process'] = async (stream, frame, trackEpoch, nowUs) => {
    const preprocess = stream.isStill ? stills : motion;
    if (stream.trackEpoch !== trackEpoch) startCold(stream, trackEpoch, preprocess, guide);
    const timer = createStageTimer(readClockUs);
    const { previousTip } = stream;
    const previousTrack = previousTip === null ? null : { tip: previousTip };
    const wish = preprocess.wish(stream.preprocess, frame, previousTip !== null, nowUs);
    const decoded = await decodeOrError(stream.decode, frame, kernels, wish);
    timer.end('decode');
    if (decoded.kind === 'error') return { kind: 'invalid', error: decoded.error };
    if (decoded.kind === 'abstain') {
      return { kind: 'ok', findings: abstain(decoded.reason), stageMs: timer.read() };
    }
    if (decoded.colouredShare > (manifest.thresholds.colouredShare ?? 1)) {
      return { kind: 'ok', findings: abstain('imaging-mode'), stageMs: timer.read() };
    }
    const { image, reduced, spacing } = decoded;
    const input = { image, reduced, spacing, previousTrack };
    const prepared = preprocess.step(stream.preprocess, input, nowUs);
    timer.end('preprocess');
    const context = contextOf(stream, frame, decoded, prepared, manifest);
    let reading = stream.detect?.(frame);
    if (reading === undefined) {
      const heads = await infer(backend, prepared.tensor);
      timer.end('infer');
      reading = postprocess(heads, context);
    }
    timer.end('postprocess');
    const picture = pictureOf(stream.preprocess, manifest);
    const read = { reading, context, picture, trackEpoch };
    const findings = conclude(stream, read, guide, timer, nowUs);
    return { kind: 'ok', findings, stageMs: timer.read() };
  };
  const inTurn = createTurns();
  const pipeline: Pipeline = {
    manifest,
    model: { id: manifest.id, sha256 },
    selected,
    network: backend,
    createStream: (streamOptions) => ({
      isStill: streamOptions.stills,
      ...(streamOptions.detect && { detect: streamOptions.detect }),
      plan: DEFAULT_PLAN,
      trackEpoch: null,
      decode: createDecodeState(),
      preprocess: motion.createState(),
      track: trackStage.createState(),
      spread: spreadStage.createState(),
      guide: guide.createState(),
      previousTip: null,
    }),
    process: (...call) => inTurn(() => processOne(...call)),
    close: () => backend.close(),
  };
  return warm(pipeline, options.warmUpRuns);
}

/** Sends frames through that nobody waits for, and gives the pipeline back. */
async function warm(pipeline: Pipeline, frames: number): Promise<Pipeline> {
  const stream = pipeline.createStream({ stills: false });
  try {
    await warmUp(frames, (frame, nowUs) => pipeline.process(stream, frame, 0, nowUs));
  } catch (error) {
    await pipeline.close();
    throw error;
  }
  return pipeline;
}

/** What one frame has to do with the next ends here, in all stages together. */
function startCold(
  stream: StreamState,
  trackEpoch: number,
  preprocess: ReturnType<typeof createPreprocess>,
  guide: GuideStage,
): void {
  stream.trackEpoch = trackEpoch;
  stream.preprocess = preprocess.createState();
  stream.track = trackStage.createState();
  stream.spread = spreadStage.restart(stream.spread);
  stream.guide = guide.restart(stream.guide);
  stream.previousTip = null;
}

async function infer(
  backend: InferenceBackend,
  tensor: Uint8Array,
): Promise<Parameters<Postprocess>[0]> {
  backend.input.set(tensor);
  await backend.run();
  return backend.outputs;
}

/** The network's picture, in the preprocessing's own buffers. */
function pictureOf({ intensity, slow }: PreprocessState, { input }: ModelManifest): Picture {
  const [, , heightPx, widthPx] = input.shape;
  return { intensity, slow, neutral: input.neutral, widthPx, heightPx };
}

/** What follows from a reading: the track, the spread and the guidance. */
function conclude(
  stream: StreamState,
  read: {
    readonly reading: FrameReading;
    readonly context: FrameContext;
    readonly picture: Picture;
    readonly trackEpoch: number;
  },
  guide: GuideStage,
  timer: StageTimer,
  nowUs: number,
): FrameFindings {
  const { plan } = stream;
  const { reading, context, picture, trackEpoch } = read;
  const track = trackStage.step(stream.track, { reading, context }, nowUs);
  stream.previousTip = track.needle.tip;
  timer.end('track');
  const injected = { picture, track, context, plan: plan.spread };
  const { spread, conditions } = spreadStage.step(stream.spread, injected, nowUs);
  if (spread !== null) timer.end('spread');
  const guided = { reading, track, context, trackEpoch, plan, others: conditions };
  const findings = guide.step(stream.guide, guided, nowUs);
  timer.end('guide');
  if (spread === null) return findings;
  const { needle, structures, imageQuality, guidance } = findings;
  return { needle, structures, imageQuality, guidance, spread };
}

/** The findings of a frame that the engine does not look at. */
function abstain(reason: 'imaging-mode' | 'several-panes'): FrameFindings {
  return {
    needle: absentNeedle(reason),
    structures: [],
    imageQuality: null,
    guidance: unavailableGuidance([reason]),
  };
}

function contextOf(
  { isStill }: StreamState,
  frame: Frame,
  { imageToNormalised, spacing }: Extract<DecodedFrame, { readonly kind: 'image' }>,
  prepared: PreprocessOutput,
  { thresholds }: ModelManifest,
): FrameContext {
  const { regionOfInterest: region, outline, isFlat, tissueShiftPx } = prepared;
  return contextAsSent({
    frame,
    isStill,
    isFlat,
    isForeign: isForeign(prepared.texture, region, thresholds),
    spacing,
    imageToNormalised,
    normalisedToTensor: prepared.imageToTensor,
    region,
    outline,
    tissueShiftPx,
  });
}
