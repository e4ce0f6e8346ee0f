import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { PrecisionChoice } from '../../../src/domain/model-manifest.js';
import { type OpenBackendOptions, openBackend } from '../../../src/pipeline/infer/open-backend.js';
import { drawNeedle, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { addInt8, constantOnnx, writeModel } from '../../support/tiny-onnx.js';

const ON_CPU = { executionProvider: 'cpu', executionProviderFallback: 'none' } as const;
const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** Two networks that can be told apart: only the int8 one sees a needle. */
const fp32Heads = emptyHeads(TEST_MANIFEST);
const int8Heads = emptyHeads(TEST_MANIFEST);
drawNeedle(int8Heads, { from: [2, 2], to: [10, 9], heat: 0.9 });

function modelFolder(hasInt8: boolean): string {
  const directory = writeModel(TEST_MANIFEST, constantOnnx(TEST_MANIFEST, fp32Heads));
  directories.push(directory);
  if (hasInt8) addInt8(directory, constantOnnx(TEST_MANIFEST, int8Heads));
  return directory;
}

/** A clock for a comparison in which a run of fp32 takes 2 ms and one of int8 `int8Ms`. */
function clockOf(int8Ms: number): () => number {
  let nowUs = 0;
  let reads = 0;
  const stepsUs = [0, 2000, int8Ms * 1000];
  return () => {
    // The first reading is the start of the whole comparison.
    if (reads > 0) nowUs += stepsUs[(reads - 1) % 3] ?? 0;
    reads += 1;
    return nowUs;
  };
}

async function open(
  directory: string,
  precision: PrecisionChoice,
  int8Ms: number,
  provider: Pick<OpenBackendOptions, 'executionProvider' | 'executionProviderFallback'> = ON_CPU,
) {
  const opened = await openBackend({
    modelDirectory: directory,
    precision,
    ...provider,
    intraOpThreads: 1,
    warmUpRuns: 1,
    readClockUs: clockOf(int8Ms),
  });
  await opened.backend.run();
  const tip = Float32Array.from(opened.backend.outputs.tip);
  await opened.backend.close();
  return { ...opened, tip };
}

describe('openBackend', () => {
  it('takes int8 by itself where it is clearly faster, and says what it measured', async () => {
    const { selected, sha256, manifest, tip } = await open(modelFolder(true), 'auto', 1);
    expect(selected.precision).toBe('int8');
    expect(selected.reason).toContain('int8 takes 1.00 ms, fp32 2.00 ms');
    expect(sha256).toBe(manifest.variants?.int8.sha256);
    expect(tip).toEqual(int8Heads.tip);
  });

  it.each([
    ['just 1.1 times as fast', 1.82],
    ['as fast', 2],
    ['slower', 5],
  ])('stays with fp32 where int8 is %s', async (_, int8Ms) => {
    const { selected, sha256, manifest, tip } = await open(modelFolder(true), 'auto', int8Ms);
    expect(selected.precision).toBe('fp32');
    expect(sha256).toBe(manifest.sha256);
    expect(tip).toEqual(fp32Heads.tip);
  });

  it('runs what it was told to, however fast', async () => {
    const directory = modelFolder(true);
    const int8 = await open(directory, 'int8', 9);
    expect(int8.selected).toMatchObject({ precision: 'int8', reason: 'configured' });
    expect(int8.tip).toEqual(int8Heads.tip);
    const fp32 = await open(directory, 'fp32', 0.1);
    expect(fp32.selected).toMatchObject({ precision: 'fp32', reason: 'configured' });
    expect(fp32.sha256).not.toBe(int8.sha256);
  });

  it('runs fp32 where the model has nothing else', async () => {
    const { selected, tip } = await open(modelFolder(false), 'auto', 1);
    expect(selected.precision).toBe('fp32');
    expect(tip).toEqual(fp32Heads.tip);
  });

  it('holds a variant to the contract: ECHOLINE_MODEL_CONTRACT_MISMATCH', async () => {
    const directory = modelFolder(false);
    const other = { ...TEST_MANIFEST, outputs: { ...TEST_MANIFEST.outputs, tip: 'needle' } };
    const wrong = { ...other, input: { ...other.input, name: 'image' } };
    addInt8(directory, constantOnnx(wrong, int8Heads));
    for (const precision of ['auto', 'int8'] as const) {
      await expect(open(directory, precision, 1)).rejects.toMatchObject({
        code: 'ECHOLINE_MODEL_CONTRACT_MISMATCH',
      });
    }
    expect((await open(directory, 'fp32', 1)).selected.precision).toBe('fp32');
  });

  it('runs on the execution provider that was asked for', async () => {
    const { selected, backend } = await open(modelFolder(false), 'fp32', 1);
    expect(selected.executionProvider).toEqual({ name: 'cpu', reason: 'configured' });
    expect(backend.description).toMatch(/^onnxruntime-node [\d.]+, cpu$/);
  });

  it('refuses a provider that is not installed, where no fallback is allowed', async () => {
    const strict = { executionProvider: 'tensorrt', executionProviderFallback: 'none' } as const;
    await expect(open(modelFolder(true), 'auto', 1, strict)).rejects.toMatchObject({
      code: 'ECHOLINE_MODEL_PROVIDER_UNAVAILABLE',
    });
  });

  it('falls back to the CPU where that is allowed, and says why', async () => {
    const lenient = { executionProvider: 'tensorrt', executionProviderFallback: 'cpu' } as const;
    const { selected, tip } = await open(modelFolder(false), 'auto', 1, lenient);
    expect(selected.executionProvider.name).toBe('cpu');
    expect(selected.executionProvider.reason).toContain(
      'fallback: The execution provider tensorrt',
    );
    expect(tip).toEqual(fp32Heads.tip);
  });

  it('does not take a wrong model for a missing provider', async () => {
    const lenient = { executionProvider: 'cpu', executionProviderFallback: 'cpu' } as const;
    await expect(open('/nowhere', 'auto', 1, lenient)).rejects.toMatchObject({
      code: 'ECHOLINE_MODEL_NOT_FOUND',
    });
  });
});
