import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoScene } from '../../../../src/phantom/demo-scene.js';
import { createPhantomClip } from '../../../../src/phantom/phantom-clip.js';
import type { HeadOutputs } from '../../../../src/pipeline/frame-context.js';
import { driftBetween, summariseHeads } from '../../../../src/pipeline/infer/drift.js';
import type { InferenceBackend } from '../../../../src/pipeline/infer/inference-backend.js';
import {
  type LoadedModel,
  loadManifest,
  loadModel,
} from '../../../../src/pipeline/infer/load-model.js';
import { HEADS } from '../../../../src/pipeline/infer/model-contract.js';
import { createOrtBackend } from '../../../../src/pipeline/infer/ort-backend.js';
import { createTfjsBackend } from '../../../../src/pipeline/infer/tfjs/tfjs-backend.js';
import { describeBackendContract, failureOf } from '../backend-contract.js';
import { SHIPPED_MODEL } from '../golden-pair.js';

/** Engines in the same precision differ by rounding only: 5e-5 measured. */
const HEADS_TOLERANCE = 1e-3;
const TIP_TOLERANCE_PX = 0.01;
/** Cells where two classes are as good as equal. */
const LABELS_TOLERANCE = 0.001;

describeBackendContract({
  runtime: 'tfjs-wasm',
  open: (model) => createTfjsBackend({ model, runtime: 'tfjs-wasm' }),
  openWithoutRuntime: (model, reason) => {
    const importPackage = () => Promise.reject(new Error(reason));
    return createTfjsBackend({ model, runtime: 'tfjs-wasm', importPackage });
  },
});

describe('createTfjsBackend', () => {
  let fp32: LoadedModel;
  beforeAll(async () => {
    fp32 = await loadModel(SHIPPED_MODEL, await loadManifest(SHIPPED_MODEL), 'fp32');
  });

  it('refuses operators that it does not know, by name', async () => {
    const int8 = await loadModel(SHIPPED_MODEL, fp32.manifest, 'int8');
    const error = await failureOf(createTfjsBackend({ model: int8, runtime: 'tfjs-wasm' }));
    expect(error.code).toBe('ECHOLINE_MODEL_OPERATOR_UNSUPPORTED');
    expect(error.message).toMatch(/operator \w+ is not among/);
    expect(error.message).toContain('secondOpinion');
  });

  it('takes wasm by itself where tfjs-node is not installed, and names both where none is', async () => {
    const packages: string[] = [];
    const importPackage = async (name: string) => {
      packages.push(name);
      if (name === '@tensorflow/tfjs-node') throw new Error('not there');
      return import(name);
    };
    const backend = await createTfjsBackend({ model: fp32, runtime: 'auto', importPackage });
    expect(packages[0]).toBe('@tensorflow/tfjs-node');
    expect(backend.description).toMatch(/^tfjs-wasm 4/);
    await backend.close();
    const nothing = () => Promise.reject(new Error('not there'));
    const error = await failureOf(
      createTfjsBackend({ model: fp32, runtime: 'auto', importPackage: nothing }),
    );
    expect(error.message).toContain('tfjs-node: not there; tfjs-wasm: not there');
  });
});

describe('the shipped model on two engines', () => {
  const backends: InferenceBackend[] = [];
  beforeAll(async () => {
    const manifest = await loadManifest(SHIPPED_MODEL);
    const model = await loadModel(SHIPPED_MODEL, manifest, 'fp32');
    const onCpu = { executionProvider: 'cpu', intraOpThreads: 1, warmUpRuns: 0 } as const;
    backends.push(await createOrtBackend({ model, ...onCpu }));
    backends.push(await createTfjsBackend({ model, runtime: 'tfjs-wasm' }));
  });
  afterAll(async () => {
    for (const backend of backends) await backend.close();
  });

  it('says the same about phantom frames: heads, tip and labels', { timeout: 60_000 }, async () => {
    const manifest = await loadManifest(SHIPPED_MODEL);
    let tips = 0;
    for (const pixels of phantomFrames()) {
      const outputs: HeadOutputs[] = [];
      for (const backend of backends) {
        backend.input.fill(manifest.input.neutral).set(pixels);
        await backend.run();
        outputs.push(backend.outputs);
      }
      const [a, b] = outputs;
      if (a === undefined || b === undefined) throw new Error('two backends are open');
      for (const head of HEADS)
        expect(largestDifference(a[head], b[head])).toBeLessThan(HEADS_TOLERANCE);
      const [one, other] = [summariseHeads(a, manifest), summariseHeads(b, manifest)];
      const drift = driftBetween(one, other, manifest);
      expect(drift.labelsChanged).toBeLessThanOrEqual(LABELS_TOLERANCE);
      if (drift.tipShiftPx !== null) {
        tips += 1;
        expect(drift.tipShiftPx).toBeLessThan(TIP_TOLERANCE_PX);
      }
    }
    expect(tips).toBeGreaterThanOrEqual(1);
  });
});

/** The demo's scene every other second, from when the needle is in. */
function phantomFrames(): readonly Uint8Array[] {
  const scene = createDemoScene(1);
  const clip = createPhantomClip({ widthPx: 256, heightPx: 256, seed: 1, scene, frameRateHz: 0.5 });
  return Array.from({ length: 4 }, () => clip.nextFrame().image.data).slice(1);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  const differences = a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN)));
  return differences.reduce((largest, difference) => Math.max(largest, difference), 0);
}
