import type { Kernels } from './kernels.js';
import { referenceKernels } from './reference-kernels.js';

/** Which kernels run, and why these. Reported by `/version` and `doctor`, never silent. */
export interface SelectedKernels {
  readonly kernels: Kernels;
  readonly origin: 'native' | 'reference';
  readonly reason: string;
}

/** Chooses the kernels; the only place that does. */
export function selectKernels(): SelectedKernels {
  return {
    kernels: referenceKernels,
    origin: 'reference',
    reason: 'native kernels are not built',
  };
}
