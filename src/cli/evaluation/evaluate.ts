import { unavailableGuidance } from '../../domain/guidance.js';
import { absentNeedle } from '../../domain/needle.js';
import type { FrameFindings } from '../../domain/overlay.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { EvaluationSequence } from './evaluation-frame.js';
import { scoreFrame } from './score-frame.js';
import { type Figures, Tally } from './tally.js';

/** `tracked`: as in service, frame after frame. `stills`: each frame for itself. */
export type EvaluationMode = 'tracked' | 'stills';

/** Figures of one suite in one mode. */
export interface EvaluationResult {
  readonly mode: EvaluationMode;
  readonly headline: Figures;
  /** By cell, e.g. `probe: linear`; a sequence may count for several. */
  readonly strata: Readonly<Record<string, Figures>>;
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
 * stills are not tracked.
 *
 * @param onFrame - told the number of frames so far
 * @param stop - ends the evaluation early; the figures are then about what was seen
 */
export async function evaluate(
  pipeline: Pipeline,
  sequences: AsyncIterable<EvaluationSequence> | Iterable<EvaluationSequence>,
  modes: readonly EvaluationMode[],
  onFrame: (frames: number) => void,
  stop: AbortSignal,
): Promise<readonly EvaluationResult[]> {
  const tallies = new Map(modes.map((mode) => [mode, new ModeTally(mode)]));
  let frames = 0;
  let trackEpoch = 0;
  for await (const sequence of sequences) {
    const applicable = modes.filter((mode) => mode === 'stills' || sequence.isClip);
    const runs = applicable.map((mode) => ({
      mode,
      stream: pipeline.createStream({ stills: mode === 'stills' }),
    }));
    trackEpoch += 1;
    for await (const evaluationFrame of sequence.frames()) {
      if (stop.aborted) break;
      const { frame } = evaluationFrame;
      for (const { mode, stream } of runs) {
        const result = await pipeline.process(stream, frame, trackEpoch, frame.captureTimeUs);
        const findings = result.kind === 'ok' ? result.findings : NOTHING_FOUND;
        const score = scoreFrame(evaluationFrame, findings);
        tallies.get(mode)?.add(score, result.kind === 'invalid', sequence.strata);
      }
      onFrame(++frames);
    }
    if (stop.aborted) break;
  }
  return [...tallies.values()].filter((tally) => tally.hasFrames).map((tally) => tally.result());
}

class ModeTally {
  readonly #mode: EvaluationMode;
  readonly #headline = new Tally();
  readonly #strata = new Map<string, Tally>();
  hasFrames = false;

  constructor(mode: EvaluationMode) {
    this.#mode = mode;
  }

  add(score: ReturnType<typeof scoreFrame>, isInvalid: boolean, strata: readonly string[]): void {
    this.hasFrames = true;
    this.#headline.add(score, isInvalid);
    for (const name of strata) {
      const tally = this.#strata.get(name) ?? new Tally();
      this.#strata.set(name, tally);
      tally.add(score, isInvalid);
    }
  }

  result(): EvaluationResult {
    const names = [...this.#strata.keys()].sort();
    return {
      mode: this.#mode,
      headline: this.#headline.figures(),
      strata: Object.fromEntries(
        names.map((name) => [name, (this.#strata.get(name) as Tally).figures()]),
      ),
    };
  }
}
