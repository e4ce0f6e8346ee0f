import { PRECISION_CHOICES, type PrecisionChoice } from '../domain/model-manifest.js';
import { readClockUs as readMonotonicUs } from '../engine/read-clock.js';
import { selectKernels } from '../kernels/select-kernels.js';
import type { ThreadsChoice } from '../pipeline/infer/tune-threads.js';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.js';
import type { Arguments, Flag } from './command.js';
import { SHIPPED_MODEL } from './package-root.js';
import { usageError } from './parse-arguments.js';

export const MODEL_FLAG: Flag = {
  name: 'model',
  kind: 'text',
  placeholder: 'DIR',
  description: 'directory with manifest.json instead of the model that ships with the package',
};

export const PRECISION_FLAG: Flag = {
  name: 'precision',
  kind: 'text',
  placeholder: PRECISION_CHOICES.join('|'),
  description: 'numbers that the network computes with; auto (default) = int8 where faster',
};

/**
 * What `--precision` says.
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE
 */
export function precisionOf(args: Arguments, command: string): PrecisionChoice {
  const text = args.text(PRECISION_FLAG.name) ?? 'auto';
  const choice = PRECISION_CHOICES.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw usageError(command, `expected --precision ${PRECISION_FLAG.placeholder}, got "${text}".`);
}

interface PipelineRun {
  readonly intraOpThreads: ThreadsChoice;
  /** What its stages are timed by. */
  readonly readClockUs: () => number;
}

/**
 * A pipeline in this process, for files: nobody waits for a frame, so there is no engine process
 * and no admission.
 *
 * @param modelDirectory - null = the shipped model
 * @param run - how it runs where that is not as in a command, on two threads
 */
export function openPipeline(
  modelDirectory: string | null,
  precision: PrecisionChoice = 'auto',
  run: Partial<PipelineRun> = {},
): Promise<Pipeline> {
  const { intraOpThreads = 2, readClockUs = readMonotonicUs } = run;
  return createPipeline({
    modelDirectory: modelDirectory ?? SHIPPED_MODEL,
    precision,
    executionProvider: 'cpu',
    executionProviderFallback: 'none',
    intraOpThreads,
    kernels: selectKernels().kernels,
    warmUpRuns: 1,
    readClockUs,
  });
}
