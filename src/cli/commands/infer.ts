import { basename } from 'node:path';
import { STILLS_FPS } from '../../clips/clip-options.js';
import { openClip } from '../../clips/open-clip.js';
import type { ClipFrame } from '../../domain/clip.js';
import { unavailableGuidance } from '../../domain/guidance.js';
import { absentNeedle } from '../../domain/needle.js';
import { NO_STAGE_MS, type Overlay } from '../../domain/overlay.js';
import { readClockUs } from '../../engine/read-clock.js';
import type { FrameResult, Pipeline, StreamState } from '../../pipeline/pipeline.js';
import { type Arguments, type Command, type CommandContext, EXIT_OK } from '../command.js';
import { MODEL_FLAG, openPipeline, PRECISION_FLAG, precisionOf } from '../open-pipeline.js';
import { usageError } from '../parse-arguments.js';
import { createTrackEpochs } from '../track-epochs.js';

/** One line of `infer --jsonl`: an overlay, the file it is about, and its position. */
export interface InferLine extends Overlay {
  readonly file: string;
  readonly index: number;
  /** Only on frames that could not be processed: code and words. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** `echoline infer`: the pipeline over a file, without a service. */
export const inferCommand: Command = {
  name: 'infer',
  summary: 'run the model over a clip or a folder of images and print what it found',
  operands: { placeholder: 'PATH', min: 1, max: 1 },
  flags: [
    {
      name: 'jsonl',
      kind: 'switch',
      placeholder: '',
      description: 'one overlay (JSON) a line; the default is one sentence a frame',
    },
    {
      name: 'stills',
      kind: 'switch',
      placeholder: '',
      description: 'the images are unrelated: no motion channels, no tracker',
    },
    {
      name: 'fps',
      kind: 'number',
      placeholder: 'N',
      description: "frame rate instead of the clip's own timestamps",
    },
    MODEL_FLAG,
    PRECISION_FLAG,
  ],
  notes: [
    'PATH: folder of PNG or JPEG images, one image, a film (.mp4 .mov .avi .mkv .webm; needs',
    'ffmpeg), DICOM ultrasound, .mha or .igs.mha, or an Echoline clip folder.',
    'An image that cannot be decoded still gives a line, with an error.',
  ],
  run: runInfer,
};

async function runInfer(args: Arguments, context: CommandContext): Promise<number> {
  const [path = ''] = args.operands;
  const stills = args.has('stills');
  const fps = args.number('fps');
  if (fps !== null && fps <= 0) throw usageError('infer', 'expected --fps above 0.');
  const clip = await openClip(path, { fps: fps ?? (stills ? STILLS_FPS : null) });
  const pipeline = await openPipeline(args.text('model'), precisionOf(args, 'infer'));
  try {
    const stream = pipeline.createStream({ stills });
    const trackEpochs = createTrackEpochs();
    let index = 0;
    for await (const clipFrame of clip.frames()) {
      if (context.stop.aborted) break;
      const trackEpoch = trackEpochs(clipFrame.frame);
      const line = await inferFrame(pipeline, stream, clipFrame, trackEpoch, {
        stream: clip.name,
        file: clipFrame.file ?? basename(path),
        index,
      });
      await context.out(args.has('jsonl') ? JSON.stringify(line) : sentenceOf(line));
      index += 1;
      context.progress(`frame ${index} of ${clip.frameCount ?? '?'}`);
    }
    context.progress('');
  } finally {
    await pipeline.close();
  }
  return EXIT_OK;
}

interface LineIdentity {
  readonly stream: string;
  readonly file: string;
  readonly index: number;
}

async function inferFrame(
  pipeline: Pipeline,
  stream: StreamState,
  { frame }: ClipFrame,
  trackEpoch: number,
  { stream: streamName, file, index }: LineIdentity,
): Promise<InferLine> {
  const receivedAtUs = readClockUs();
  const result = await pipeline.process(stream, frame, trackEpoch, frame.captureTimeUs);
  return {
    type: 'overlay',
    stream: streamName,
    epoch: frame.epoch,
    trackEpoch,
    frameId: frame.frameId,
    captureTimeUs: frame.captureTimeUs,
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    spacing: frame.spacing,
    ...contentOf(result),
    clock: {
      receivedAtUs,
      publishedAtUs: readClockUs(),
      cartOffsetUs: null,
      uncertaintyUs: null,
    },
    model: pipeline.model,
    file,
    index,
  };
}

function contentOf(result: FrameResult) {
  if (result.kind === 'ok') return { ...result.findings, stageMs: result.stageMs };
  const { code, message } = result.error;
  return {
    needle: absentNeedle('decode-failed'),
    structures: [],
    imageQuality: null,
    guidance: unavailableGuidance(['decode-failed']),
    stageMs: NO_STAGE_MS,
    error: { code, message },
  };
}

function sentenceOf(line: InferLine): string {
  const start = `${line.file} ${line.index}:`;
  if (line.error !== undefined) return `${start} ${line.error.code}: ${line.error.message}`;
  const { tip, state } = line.needle;
  const where = tip === null ? '' : ` at (${tip.xPx.toFixed(1)}, ${tip.yPx.toFixed(1)}) px`;
  const classes = line.structures.map((structure) => structure.class).join(', ') || 'none';
  return `${start} needle ${state}${where}; structures: ${classes}`;
}
