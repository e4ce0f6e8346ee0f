import { readClockUs } from '../../engine/read-clock.js';
import { findModelFile, loadManifest, loadModel } from '../../pipeline/infer/load-model.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import { openPipeline } from '../open-pipeline.js';
import { SHIPPED_MODEL, YARDSTICK_MODEL } from '../package-root.js';
import type { BootstrapOptions } from './bootstrap.js';
import { type EvaluationMode, evaluate, type ScoredFrame } from './evaluate.js';
import type { EvaluationSequence } from './evaluation-frame.js';
import { comparePrecisions } from './precision-parity.js';
import { evaluateRobustness } from './robustness/robustness.js';
import { measureSpeedRatio } from './speed-ratio.js';
import type { SuiteReport } from './suite-report.js';

/** Something to be scored. */
export interface EvaluationJob {
  readonly name: string;
  readonly description: string;
  readonly isSimulated: boolean;
  /**
   * `figures` as they are · `robustness` under perturbations · `int8` against fp32, each frame for
   * itself · `speed` of the network alone, on no frames.
   */
  readonly kind: 'figures' | 'robustness' | 'int8' | 'speed';
  /** null = no data. */
  readonly sequences: Iterable<EvaluationSequence> | null;
}

/** What all jobs of one run share. */
export interface JobOptions {
  readonly pipeline: Pipeline;
  /** null = the shipped model. */
  readonly modelDirectory: string | null;
  readonly modes: readonly EvaluationMode[];
  readonly bootstrap: BootstrapOptions | null;
  readonly onFrame: (frames: number) => void;
  readonly onScored: (scored: ScoredFrame) => void;
  readonly stop: AbortSignal;
}

/** Scores one job. */
export async function runJob(job: EvaluationJob, options: JobOptions): Promise<SuiteReport> {
  const { name, description, isSimulated, kind, sequences } = job;
  const head = { suite: name, description, isSimulated };
  if (sequences === null) return { ...head, skipped: 'no data' };
  switch (kind) {
    case 'figures': {
      const results = await evaluate(options.pipeline, sequences, {
        ...options,
        hasStructures: true,
      });
      return { ...head, results };
    }
    case 'robustness': {
      const robustness = await evaluateRobustness(options.pipeline, sequences, {
        ...options,
        onScored: () => undefined,
      });
      return { ...head, results: [], robustness };
    }
    case 'int8': {
      const { manifest } = options.pipeline;
      const hasBoth = (['fp32', 'int8'] as const).every((one) => findModelFile(manifest, one));
      if (!hasBoth) return { ...head, skipped: 'the model has no int8 file beside its fp32 file' };
      return { ...head, results: [], parity: await parityOf(sequences, options) };
    }
    case 'speed': {
      const { manifest } = options.pipeline;
      if (findModelFile(manifest, 'int8') === null) {
        return { ...head, skipped: 'the model has no int8 file' };
      }
      const directory = options.modelDirectory ?? SHIPPED_MODEL;
      const speed = await measureSpeedRatio(
        {
          model: await loadModel(directory, manifest, 'int8'),
          yardstick: await loadModel(YARDSTICK_MODEL, await loadManifest(YARDSTICK_MODEL), 'int8'),
        },
        readClockUs,
        options.stop,
      );
      return { ...head, results: [], speed };
    }
  }
}

async function parityOf(sequences: Iterable<EvaluationSequence>, options: JobOptions) {
  const fp32 = await openPipeline(options.modelDirectory, 'fp32');
  try {
    const int8 = await openPipeline(options.modelDirectory, 'int8');
    try {
      return await comparePrecisions({ fp32, int8 }, sequences, options);
    } finally {
      await int8.close();
    }
  } finally {
    await fp32.close();
  }
}
