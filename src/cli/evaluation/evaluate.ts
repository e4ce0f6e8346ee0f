import type { Frame } from '../../domain/frame.js';
import { unavailableGuidance } from '../../domain/guidance.js';
import { absentNeedle } from '../../domain/needle.js';
import type { FrameFindings } from '../../domain/overlay.js';
import type { Pipeline, StreamState } from '../../pipeline/pipeline.js';
import { createTrackEpochs } from '../track-epochs.js';
import type { BootstrapOptions } from './bootstrap.js';
import { type EvaluationFrame, type EvaluationSequence, entryStratum } from './evaluation-frame.js';
import { asStill, type FrameScore, scoreFrame } from './score-frame.js';
import { type Diagrams, type Figures, Tally } from './tally.js';
import { truthShapes } from './truth-shapes.js';

/** `tracked`: as in service, frame after frame. `stills`: each frame for itself. */
export type EvaluationMode = 'tracked' | 'stills';

/** Figures of one suite in one mode. */
export interface EvaluationResult {
  readonly mode: EvaluationMode;
  readonly headline: Figures;
  /** By cell, e.g. `probe: linear`; a sequence may count for several. */
  readonly strata: Readonly<Record<string, Figures>>;
  readonly diagrams: Diagrams;
}

/** One frame as it was scored in one mode. */
export interface ScoredFrame {
  readonly mode: EvaluationMode;
  readonly sequence: EvaluationSequence;
  readonly truth: EvaluationFrame;
  readonly findings: FrameFindings;
  readonly score: FrameScore;
}

/** How an evaluation is made. */
export interface EvaluationOptions {
  readonly modes: readonly EvaluationMode[];
  /** null: figures without intervals. */
  readonly bootstrap: BootstrapOptions | null;
  /** Whether structures are compared too, which takes as long as the inference. */
  readonly hasStructures: boolean;
  /** Told the number of frames so far. */
  readonly onFrame: (frames: number) => void;
  /** Told each frame as it was scored. */
  readonly onScored: (scored: ScoredFrame) => void;
  /** Ends the evaluation early; the figures are then about what was seen. */
  readonly stop: AbortSignal;
}

/** The findings of a frame that was refused: nothing was found. */
const NOTHING_FOUND: FrameFindings = {
  needle: absentNeedle('decode-failed'),
  structures: [],
  imageQuality: null,
  guidance: unavailableGuidance(['decode-failed']),
};

/**
 * Runs sequences through the pipeline and scores every frame, in each mode that applies: unrelated
 * stills are not tracked. Track epochs rise as they do in service.
 */
export async function evaluate(
  pipeline: Pipeline,
  sequences: AsyncIterable<EvaluationSequence> | Iterable<EvaluationSequence>,
  options: EvaluationOptions,
): Promise<readonly EvaluationResult[]> {
  const tallies = options.modes.map((mode) => new ModeTally(mode));
  let frames = 0;
  const counting = { ...options, onFrame: () => options.onFrame(++frames) };
  let number = 0;
  for await (const sequence of sequences) {
    await scoreSequence(pipeline, sequence, ++number, tallies, counting);
    if (options.stop.aborted) break;
  }
  const used = tallies.filter((tally) => tally.hasFrames);
  return used.map((tally) => tally.result(options.bootstrap));
}

/**
 * Runs one sequence and adds its scores to the tallies, each in its own mode.
 *
 * @param number - tells the sequence from others in the same tallies
 * @param options - `onFrame` is told 1 for each frame
 */
export async function scoreSequence(
  pipeline: Pipeline,
  sequence: EvaluationSequence,
  number: number,
  tallies: readonly ModeTally[],
  { stop, onFrame, onScored, hasStructures }: Omit<EvaluationOptions, 'modes' | 'bootstrap'>,
): Promise<void> {
  const runs = tallies
    .filter(({ mode }) => mode === 'stills' || sequence.isClip)
    .map((tally) => ({
      tally,
      stream: pipeline.createStream({ stills: tally.mode === 'stills' }),
    }));
  const trackEpochOf = createTrackEpochs();
  for await (const truth of sequence.frames()) {
    if (stop.aborted) return;
    const trackEpoch = trackEpochOf(truth.frame);
    const shapes = truth.labels === null || !hasStructures ? null : truthShapes(truth.labels);
    for (const { tally, stream } of runs) {
      const found = await process(pipeline, stream, truth.frame, trackEpoch);
      const findings = found ?? NOTHING_FOUND;
      const known = tally.mode === 'stills' ? asStill(truth, findings) : truth;
      const score = scoreFrame(known, findings, shapes);
      tally.add(score, found === null, sequence, number, entryStratum(truth.needle));
      onScored({ mode: tally.mode, sequence, truth, findings, score });
    }
    onFrame(1);
  }
}

/** null: the pipeline refused the frame. */
async function process(
  pipeline: Pipeline,
  stream: StreamState,
  frame: Frame,
  trackEpoch: number,
): Promise<FrameFindings | null> {
  const result = await pipeline.process(stream, frame, trackEpoch, frame.captureTimeUs);
  return result.kind === 'ok' ? result.findings : null;
}

/** Collects one mode's scores, all together and by stratum. */
export class ModeTally {
  readonly mode: EvaluationMode;
  readonly headline = new Tally();
  readonly #strata = new Map<string, Tally>();
  hasFrames = false;

  constructor(mode: EvaluationMode) {
    this.mode = mode;
  }

  add(
    score: FrameScore,
    isInvalid: boolean,
    { strata, block, isClip }: EvaluationSequence,
    number: number,
    entry: string | null,
  ): void {
    this.hasFrames = true;
    const clip = isClip && this.mode === 'tracked' ? number : null;
    this.headline.add(score, isInvalid, block, clip);
    const needle = strata.filter((name) => name.startsWith('needle: '));
    const cells =
      entry === null ? strata : [...strata, entry, ...needle.map((name) => `${name}, ${entry}`)];
    for (const name of cells) {
      const tally = this.#strata.get(name) ?? new Tally();
      this.#strata.set(name, tally);
      tally.add(score, isInvalid, block, clip);
    }
  }

  result(bootstrap: BootstrapOptions | null): EvaluationResult {
    const names = [...this.#strata.keys()].sort();
    return {
      mode: this.mode,
      headline: this.headline.figures(bootstrap),
      strata: Object.fromEntries(
        names.map((name) => [name, (this.#strata.get(name) as Tally).figures(bootstrap)]),
      ),
      diagrams: this.headline.diagrams(),
    };
  }
}
