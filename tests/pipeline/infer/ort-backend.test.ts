import { describe, expect, it } from 'vitest';
import { type EcholineError, isEcholineError } from '../../../src/domain/errors.js';
import type { ModelManifest } from '../../../src/domain/model-manifest.js';
import {
  createOrtBackend,
  type OrtBackendOptions,
} from '../../../src/pipeline/infer/ort-backend.js';
import { drawNeedle, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { constantOnnx } from '../../support/tiny-onnx.js';

const heads = emptyHeads(TEST_MANIFEST);
drawNeedle(heads, { from: [2, 2], to: [10, 9], heat: 0.9 });
const bytes = constantOnnx(TEST_MANIFEST, heads);

const optionsFor = (manifest: ModelManifest, onnx = bytes): OrtBackendOptions => ({
  model: { manifest, precision: 'fp32', sha256: manifest.sha256, bytes: onnx },
  intraOpThreads: 1,
  warmUpRuns: 1,
});

async function failureOf(options: OrtBackendOptions): Promise<EcholineError> {
  const error: unknown = await createOrtBackend(options).catch((e) => e);
  if (!isEcholineError(error)) throw new Error('expected an EcholineError');
  return error;
}

describe('createOrtBackend', () => {
  it('runs the model into its own buffers, again and again', async () => {
    const backend = await createOrtBackend(optionsFor(TEST_MANIFEST));
    const { outputs } = backend;
    expect(backend.input.length).toBe(3 * 64 * 64);
    for (let run = 0; run < 3; run++) {
      outputs.tip.fill(0);
      await backend.run();
      expect(outputs.tip).toEqual(heads.tip);
      expect(outputs.structures).toEqual(heads.structures);
      expect(outputs.shaft).toEqual(heads.shaft);
      expect(outputs.frame).toEqual(heads.frame);
    }
    await backend.close();
  });

  it('may be closed twice, and fails with ECHOLINE_INFERENCE_FAILED afterwards', async () => {
    const backend = await createOrtBackend(optionsFor(TEST_MANIFEST));
    await backend.close();
    await backend.close();
    const error: unknown = await backend.run().catch((e) => e);
    expect(isEcholineError(error) && error.code).toBe('ECHOLINE_INFERENCE_FAILED');
  });

  it.each([
    ['an input of another name', { input: { ...TEST_MANIFEST.input, name: 'image' } }],
    ['an output of another name', { outputs: { ...TEST_MANIFEST.outputs, tip: 'needle' } }],
    ['another number of classes', { classes: ['background', 'nerve'] as const }],
    ['another stride', { stridePx: 8 }],
    ['another input size', { input: { ...TEST_MANIFEST.input, shape: [1, 3, 96, 96] as const } }],
  ])('refuses %s: ECHOLINE_MODEL_CONTRACT_MISMATCH', async (_, change) => {
    const error = await failureOf(optionsFor({ ...TEST_MANIFEST, ...change } as ModelManifest));
    expect(error.code).toBe('ECHOLINE_MODEL_CONTRACT_MISMATCH');
    expect(error.message).toContain('the manifest promises');
  });

  it('refuses a file that is no model: ECHOLINE_MODEL_CONTRACT_MISMATCH', async () => {
    const error = await failureOf(optionsFor(TEST_MANIFEST, new Uint8Array(100).fill(7)));
    expect(error.code).toBe('ECHOLINE_MODEL_CONTRACT_MISMATCH');
    expect(error.message).toContain('cannot load');
  });

  it('says when the runtime is not there: ECHOLINE_MODEL_RUNTIME_MISSING', async () => {
    const importRuntime = () => Promise.reject(new Error('no such library'));
    const error = await failureOf({ ...optionsFor(TEST_MANIFEST), importRuntime });
    expect(error.code).toBe('ECHOLINE_MODEL_RUNTIME_MISSING');
    expect(error.message).toContain('no such library');
    expect(error.message).toContain('doctor');
  });
});
