import { readClockUs } from '../engine/read-clock.js';
import { selectKernels } from '../kernels/select-kernels.js';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.js';
import type { Flag } from './command.js';
import { SHIPPED_MODEL } from './package-root.js';

export const MODEL_FLAG: Flag = {
  name: 'model',
  kind: 'text',
  placeholder: 'DIR',
  description: 'directory with manifest.json instead of the model that ships with the package',
};

/**
 * A pipeline in this process, for files: nobody waits for a frame, so there is no engine process
 * and no admission.
 *
 * @param modelDirectory - null = the shipped model
 */
export function openPipeline(modelDirectory: string | null): Promise<Pipeline> {
  return createPipeline({
    modelDirectory: modelDirectory ?? SHIPPED_MODEL,
    intraOpThreads: 2,
    kernels: selectKernels().kernels,
    warmUpRuns: 1,
    readClockUs,
  });
}
