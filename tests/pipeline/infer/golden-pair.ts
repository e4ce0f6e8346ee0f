import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { HeadOutputs } from '../../../src/pipeline/frame-context.js';

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

/** Folder of the shipped model. */
export const SHIPPED_MODEL = fileURLToPath(new URL('../../../models/guidenet', import.meta.url));

/** What the network gave the trainer, in Python. */
export const GOLDEN = JSON.parse(readFileSync(`${SHIPPED_MODEL}/golden.json`, 'utf8')) as Golden;

/**
 * Writes the golden input by its formula: (7x + 13y + ((x y) >> 5) + 40c) mod 256; c = 1, 2: 96 +
 * mod 64.
 */
export function writeGoldenInput(input: Uint8Array): void {
  for (let c = 0, i = 0; c < 3; c++) {
    for (let y = 0; y < 256; y++) {
      for (let x = 0; x < 256; x++, i++) {
        const value = (7 * x + 13 * y + ((x * y) >> 5) + 40 * c) % 256;
        input[i] = c === 0 ? value : 96 + (value % 64);
      }
    }
  }
}

/** Expects the outputs of the golden input, each within its tolerance. */
export function expectGoldenOutputs(outputs: HeadOutputs): void {
  for (const expected of GOLDEN.outputs) {
    const name = expected.output;
    const found = outputs[name];
    expect(found.length).toBe(expected.shape.reduce((product, side) => product * side, 1));
    expected.indices.forEach((index, sample) => {
      const difference = Math.abs((found[index] ?? Number.NaN) - (expected.values[sample] ?? 0));
      expect(difference, `${name}[${index}]`).toBeLessThanOrEqual(expected.tolerance);
    });
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    expect(Math.abs(mean - expected.mean), `mean of ${name}`).toBeLessThanOrEqual(
      expected.tolerance,
    );
  }
}
