import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../src/kernels/reference-kernels.js';
import { selectKernels } from '../../src/kernels/select-kernels.js';

describe('selectKernels', () => {
  it('says which kernels run and why', () => {
    const selected = selectKernels();
    expect(selected.kernels).toBe(referenceKernels);
    expect(selected.origin).toBe('reference');
    expect(selected.reason).toBe('native kernels are not built');
  });
});
