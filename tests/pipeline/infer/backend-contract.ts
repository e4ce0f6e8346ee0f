import { describe, expect, it } from 'vitest';
import { type EcholineError, isEcholineError } from '../../../src/domain/errors.js';
import type { ModelManifest } from '../../../src/domain/model-manifest.js';
import type { InferenceBackend } from '../../../src/pipeline/infer/inference-backend.js';
import {
  type LoadedModel,
  loadManifest,
  loadModel,
} from '../../../src/pipeline/infer/load-model.js';
import { drawNeedle, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { constantOnnx } from '../../support/tiny-onnx.js';
import { expectGoldenOutputs, SHIPPED_MODEL, writeGoldenInput } from './golden-pair.js';

/** A backend as the contract sees it. */
export interface BackendUnderTest {
  /** What its description has to begin with. */
  readonly runtime: string;
  open(model: LoadedModel): Promise<InferenceBackend>;
  /** Opens it where its runtime cannot be imported, for the given reason. */
  openWithoutRuntime(model: LoadedModel, reason: string): Promise<InferenceBackend>;
}

const heads = emptyHeads(TEST_MANIFEST);
drawNeedle(heads, { from: [2, 2], to: [10, 9], heat: 0.9 });
const CONSTANT = constantOnnx(TEST_MANIFEST, heads);

function modelOf(manifest: ModelManifest, bytes: Uint8Array = CONSTANT): LoadedModel {
  return { manifest, precision: 'fp32', sha256: manifest.sha256, bytes };
}

/** The error that opening ends with. */
export async function failureOf(opening: Promise<InferenceBackend>): Promise<EcholineError> {
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  if (!isEcholineError(error)) throw new Error('expected an EcholineError');
  return error;
}

/** What every `InferenceBackend` does, whatever computes in it. */
export function describeBackendContract(backend: BackendUnderTest): void {
  describe(`${backend.runtime} as an inference backend`, () => {
    describeRunning(backend);
    describeRefusals(backend);
  });
}

function describeRunning({ runtime, open }: BackendUnderTest): void {
  it('has buffers of the shapes that the manifest promises, and a neutral input', async () => {
    const opened = await open(modelOf(TEST_MANIFEST));
    expect(opened.description.startsWith(runtime)).toBe(true);
    expect(opened.input).toEqual(new Uint8Array(3 * 64 * 64).fill(128));
    const lengths = Object.entries(opened.outputs).map(([name, { length }]) => [name, length]);
    expect(Object.fromEntries(lengths)).toEqual({
      structures: 5 * 16 * 16,
      tip: 5 * 16 * 16,
      shaft: 4 * 16 * 16,
      frame: 5,
    });
    await opened.close();
  });

  it('runs the model into its own buffers, again and again', async () => {
    const opened = await open(modelOf(TEST_MANIFEST));
    const { outputs } = opened;
    const buffers = Object.values(outputs);
    for (let run = 0; run < 3; run++) {
      outputs.tip.fill(0);
      await opened.run();
      expect(outputs).toEqual(heads);
      expect(Object.values(opened.outputs).every((head, i) => head === buffers[i])).toBe(true);
    }
    await opened.close();
  });

  it('gives for the golden input what Python gave, and the same a second time', async () => {
    const model = await loadModel(SHIPPED_MODEL, await loadManifest(SHIPPED_MODEL), 'fp32');
    const opened = await open(model);
    writeGoldenInput(opened.input);
    await opened.run();
    expectGoldenOutputs(opened.outputs);
    const first = structuredClone(opened.outputs);
    await opened.run();
    expect(opened.outputs).toEqual(first);
    await opened.close();
  });

  it('may be closed twice, and fails with ECHOLINE_INFERENCE_FAILED afterwards', async () => {
    const opened = await open(modelOf(TEST_MANIFEST));
    await opened.close();
    await opened.close();
    const error: unknown = await opened.run().catch((thrown: unknown) => thrown);
    expect(isEcholineError(error) && error.code).toBe('ECHOLINE_INFERENCE_FAILED');
  });
}

function describeRefusals({ runtime, open, openWithoutRuntime }: BackendUnderTest): void {
  it.each([
    ['an input of another name', { input: { ...TEST_MANIFEST.input, name: 'image' } }],
    ['an output of another name', { outputs: { ...TEST_MANIFEST.outputs, tip: 'needle' } }],
    ['another number of classes', { classes: ['background', 'nerve'] as const }],
    ['another stride', { stridePx: 8 }],
    ['another input size', { input: { ...TEST_MANIFEST.input, shape: [1, 3, 96, 96] as const } }],
  ])('refuses %s: ECHOLINE_MODEL_CONTRACT_MISMATCH', async (_, change) => {
    const manifest = { ...TEST_MANIFEST, ...change } as ModelManifest;
    const error = await failureOf(open(modelOf(manifest)));
    expect(error.code).toBe('ECHOLINE_MODEL_CONTRACT_MISMATCH');
    expect(error.message).toContain('the manifest promises');
  });

  it.each([
    ['is no model', new Uint8Array(100).fill(7)],
    ['is empty', new Uint8Array(0)],
    ['is cut short', CONSTANT.subarray(0, CONSTANT.length / 2)],
  ])('refuses a file that %s: ECHOLINE_MODEL_CONTRACT_MISMATCH', async (_, bytes) => {
    const error = await failureOf(open(modelOf(TEST_MANIFEST, bytes)));
    expect(error.code).toBe('ECHOLINE_MODEL_CONTRACT_MISMATCH');
    expect(error.message).toContain('Export both together');
  });

  it('says which runtime was asked for, why it failed, what to do', async () => {
    const error = await failureOf(openWithoutRuntime(modelOf(TEST_MANIFEST), 'no such library'));
    expect(error.code).toBe('ECHOLINE_MODEL_RUNTIME_MISSING');
    expect(error.message).toContain(runtime);
    expect(error.message).toContain('no such library');
    expect(error.message).toMatch(/npm (ci|install)/);
  });
}
