import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { createDemoClip } from '../../../src/phantom/demo-clip.js';
import type { InferenceBackend } from '../../../src/pipeline/infer/inference-backend.js';
import { loadManifest, loadModel } from '../../../src/pipeline/infer/load-model.js';
import { createOrtBackend } from '../../../src/pipeline/infer/ort-backend.js';
import { createPreprocess } from '../../../src/pipeline/preprocess/preprocess.js';

const directory = fileURLToPath(new URL('../../../models/guidenet', import.meta.url));
const ON_CPU = { executionProvider: 'cpu', intraOpThreads: 1, warmUpRuns: 0 } as const;
const SIDE = 64;
const CELLS = SIDE * SIDE;
/** 1.5 pixels of the network's input. */
const TIP_SHIFT_CELLS_MAX = 1.5 / 4;
const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Networks' inputs along the demo's clip, every 25th frame, with their motion channels. */
function demoInputs(): readonly Uint8Array[] {
  const clip = createDemoClip({ widthPx: 256, heightPx: 256, seed: 1 });
  const preprocess = createPreprocess({ kernels, widthPx: 256, heightPx: 256, neutral: 128 });
  const state = preprocess.createState();
  const inputs: Uint8Array[] = [];
  for (let index = 0; index < 180; index++) {
    const { image } = clip.nextFrame();
    const input = { image, spacing: null, previousTrack: null, reduced: null };
    const { tensor } = preprocess.step(state, input, index * 33_333);
    if (index % 25 === 24) inputs.push(tensor.slice());
  }
  return inputs;
}

/** Winning class of each cell. */
function classesOf(structures: Float32Array): readonly number[] {
  const count = structures.length / CELLS;
  return Array.from({ length: CELLS }, (_, cell) => {
    let best = 0;
    for (let index = 1; index < count; index++) {
      const logit = structures[index * CELLS + cell] ?? 0;
      if (logit > (structures[best * CELLS + cell] ?? 0)) best = index;
    }
    return best;
  });
}

describe('the shipped model in int8', () => {
  const backends: InferenceBackend[] = [];
  beforeAll(async () => {
    const manifest = await loadManifest(directory);
    for (const precision of ['fp32', 'int8'] as const) {
      const model = await loadModel(directory, manifest, precision);
      backends.push(await createOrtBackend({ model, ...ON_CPU }));
    }
  });
  afterAll(async () => {
    for (const backend of backends) await backend.close();
  });

  it('says on the demo what it says in fp32, nearly', async () => {
    const [exact, rough] = backends;
    if (exact === undefined || rough === undefined) throw new Error('two backends are open');
    let tips = 0;
    for (const input of demoInputs()) {
      for (const backend of backends) {
        backend.input.set(input);
        await backend.run();
      }
      const a = exact.outputs;
      const b = rough.outputs;
      for (let index = 0; index < 5; index++) {
        const difference = sigmoid(a.frame[index] ?? 0) - sigmoid(b.frame[index] ?? 0);
        expect(Math.abs(difference)).toBeLessThan(0.1);
      }
      const best = hottest(a.tip);
      if (best.heat > 0.3) {
        tips += 1;
        const other = hottest(b.tip);
        expect(Math.hypot(other.x - best.x, other.y - best.y)).toBeLessThan(TIP_SHIFT_CELLS_MAX);
        // In the middle of its range a heat of 0.4 differs by 0.1 where its logit does by 0.4.
        expect(Math.abs(other.heat - best.heat)).toBeLessThan(0.15);
      }
      const wanted = classesOf(a.structures);
      const same = classesOf(b.structures).filter((name, cell) => name === wanted[cell]).length;
      expect(same / CELLS).toBeGreaterThan(0.95);
    }
    expect(tips).toBeGreaterThanOrEqual(3);
  });
});

/** The hottest cell of the tip head: its heat, and the tip that its offsets name, in cells. */
function hottest(tip: Float32Array): {
  readonly heat: number;
  readonly x: number;
  readonly y: number;
} {
  let cell = 0;
  for (let other = 1; other < CELLS; other++) {
    if ((tip[other] ?? 0) > (tip[cell] ?? 0)) cell = other;
  }
  return {
    heat: sigmoid(tip[cell] ?? 0),
    x: (cell % SIDE) + (tip[CELLS + cell] ?? 0),
    y: Math.floor(cell / SIDE) + (tip[2 * CELLS + cell] ?? 0),
  };
}
