import { describe, expect, it } from 'vitest';
import {
  createOrtBackend,
  type OrtBackendOptions,
} from '../../../src/pipeline/infer/ort-backend.js';
import { emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { constantOnnx } from '../../support/tiny-onnx.js';
import { describeBackendContract, failureOf } from './backend-contract.js';

const ON_CPU = { executionProvider: 'cpu', intraOpThreads: 1, warmUpRuns: 1 } as const;

describeBackendContract({
  runtime: 'onnxruntime-node',
  open: (model) => createOrtBackend({ model, ...ON_CPU }),
  openWithoutRuntime: (model, reason) => {
    const importRuntime = () => Promise.reject(new Error(reason));
    return createOrtBackend({ model, ...ON_CPU, importRuntime });
  },
});

describe('createOrtBackend', () => {
  const bytes = constantOnnx(TEST_MANIFEST, emptyHeads(TEST_MANIFEST));
  const options: OrtBackendOptions = {
    model: { manifest: TEST_MANIFEST, precision: 'fp32', sha256: '', bytes },
    ...ON_CPU,
  };

  it.each(['tensorrt', 'coreml', 'dml'] as const)(
    'says when %s is not installed: ECHOLINE_MODEL_PROVIDER_UNAVAILABLE',
    async (name) => {
      const { listSupportedBackends } = await import('onnxruntime-node');
      const isBundled = listSupportedBackends().some(
        (known) => known.name === name && known.bundled,
      );
      if (isBundled) return;
      const error = await failureOf(createOrtBackend({ ...options, executionProvider: name }));
      expect(error.code).toBe('ECHOLINE_MODEL_PROVIDER_UNAVAILABLE');
      expect(error.message).toContain(`provider ${name} was asked for`);
      expect(error.message).toContain('docs/backends.md');
    },
  );

  it('says when a provider loads but cannot run the first frame', async () => {
    const ort = await import('onnxruntime-node');
    const session = await ort.InferenceSession.create(bytes);
    const run = () => Promise.reject(new Error('out of device memory'));
    Object.defineProperty(session, 'run', { value: run });
    const importRuntime = async () => ({
      ...ort,
      listSupportedBackends: () => [{ name: 'cuda', bundled: false }],
      InferenceSession: { create: async () => session },
    });
    const error = await failureOf(
      createOrtBackend({ ...options, executionProvider: 'cuda', importRuntime }),
    );
    expect(error.code).toBe('ECHOLINE_MODEL_PROVIDER_UNAVAILABLE');
    expect(error.message).toContain('out of device memory');
  });
});
