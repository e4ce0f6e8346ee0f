import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeadOutputs } from '../../../src/pipeline/frame-context.js';
import type { InferenceBackend } from '../../../src/pipeline/infer/inference-backend.js';
import { loadManifest, loadModel } from '../../../src/pipeline/infer/load-model.js';
import { createOrtBackend } from '../../../src/pipeline/infer/ort-backend.js';

/** What the trainer writes beside the model (`models/training/export.py`). */
interface Golden {
  readonly format: string;
  readonly outputs: readonly {
    readonly output: keyof HeadOutputs;
    readonly shape: readonly number[];
    readonly tolerance: number;
    readonly indices: readonly number[];
    readonly values: readonly number[];
    readonly mean: number;
  }[];
}

const directory = fileURLToPath(new URL('../../../models/guidenet', import.meta.url));

describe('the shipped model', () => {
  const golden = JSON.parse(readFileSync(`${directory}/golden.json`, 'utf8')) as Golden;
  let backend: InferenceBackend;

  beforeAll(async () => {
    const model = await loadModel(directory, await loadManifest(directory), 'fp32');
    backend = await createOrtBackend({ model, intraOpThreads: 1, warmUpRuns: 0 });
    // The golden input by its formula: (7x + 13y + ((x y) >> 5) + 40c) mod 256; c = 1, 2: 96 + mod
    // 64.
    for (let c = 0, i = 0; c < 3; c++) {
      for (let y = 0; y < 256; y++) {
        for (let x = 0; x < 256; x++, i++) {
          const value = (7 * x + 13 * y + ((x * y) >> 5) + 40 * c) % 256;
          backend.input[i] = c === 0 ? value : 96 + (value % 64);
        }
      }
    }
    await backend.run();
  });

  afterAll(() => backend.close());

  it('comes with a golden pair of the known format that covers all outputs', () => {
    expect(golden.format).toBe('echoline-golden/1');
    expect(golden.outputs.map((output) => output.output).sort()).toEqual([
      'frame',
      'shaft',
      'structures',
      'tip',
    ]);
  });

  it.each(golden.outputs.map((output) => [output.output, output] as const))(
    'gives in Node what it gave the trainer in Python: %s',
    (name, expected) => {
      const found = backend.outputs[name];
      expect(found.length).toBe(expected.shape.reduce((product, side) => product * side, 1));
      expected.indices.forEach((index, sample) => {
        const difference = Math.abs((found[index] ?? Number.NaN) - (expected.values[sample] ?? 0));
        expect(difference, `${name}[${index}]`).toBeLessThanOrEqual(expected.tolerance);
      });
      const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
      expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(expected.tolerance);
    },
  );
});
