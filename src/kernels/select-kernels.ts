import type { Kernels } from './kernels.js';
import { type LoadedAddon, loadNativeAddon } from './native-addon.js';
import { createNativeKernels } from './native-kernels.js';
import { referenceKernels } from './reference-kernels.js';

/** What the configuration says: `auto` takes native kernels where they load. */
export type KernelChoice = 'auto' | 'native' | 'reference';

/** Which kernels run, and why these. Reported by `/version` and `doctor`, never silent. */
export interface SelectedKernels {
  readonly kernels: Kernels;
  readonly origin: 'native' | 'reference';
  readonly reason: string;
}

/**
 * Chooses the kernels; the only place that does. Where native ones are asked for and not there, the
 * answer is the reference with the reason: whether that will do is the caller's decision.
 *
 * @param load - where the addon comes from; for tests
 */
export function selectKernels(
  wanted: KernelChoice = 'auto',
  load: () => LoadedAddon = loadNativeAddon,
): SelectedKernels {
  if (wanted === 'reference') {
    return { kernels: referenceKernels, origin: 'reference', reason: 'asked for' };
  }
  const loaded = load();
  if (loaded.kind === 'absent') {
    return { kernels: referenceKernels, origin: 'reference', reason: loaded.reason };
  }
  const { addon } = loaded;
  const jpeg = addon.hasJpeg ? `gray JPEG by ${addon.jpegReason}` : `no JPEG: ${addon.jpegReason}`;
  return {
    kernels: createNativeKernels(addon),
    origin: 'native',
    reason: `${addon.instructions} instructions, ${jpeg}`,
  };
}
