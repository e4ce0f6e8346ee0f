import { describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../src/kernels/native-addon.js';
import { referenceKernels } from '../../src/kernels/reference-kernels.js';
import { selectKernels } from '../../src/kernels/select-kernels.js';

describe('selectKernels', () => {
  it('takes the native kernels where they load and says what they use', () => {
    const loaded = loadNativeAddon();
    const selected = selectKernels();
    if (loaded.kind === 'absent') {
      expect(selected.origin).toBe('reference');
      expect(selected.reason).toBe(loaded.reason);
    } else {
      expect(selected.origin).toBe('native');
      expect(selected.reason).toMatch(
        /^(AVX-512|AVX2|baseline) instructions, (gray JPEG by|no JPEG: )/,
      );
    }
  });

  it('takes the reference where the addon is absent, and says why', () => {
    const absent = () => ({ kind: 'absent', reason: 'native kernels are not built' }) as const;
    for (const wanted of ['auto', 'native'] as const) {
      const selected = selectKernels(wanted, absent);
      expect(selected.kernels).toBe(referenceKernels);
      expect(selected.origin).toBe('reference');
      expect(selected.reason).toBe('native kernels are not built');
    }
  });

  it('does not even load the addon when the reference is asked for', () => {
    const selected = selectKernels('reference', () => {
      throw new Error('loaded');
    });
    expect(selected.kernels).toBe(referenceKernels);
    expect(selected.reason).toBe('asked for');
  });
});
