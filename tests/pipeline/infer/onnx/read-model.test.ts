import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../../src/pipeline/infer/onnx/read-model.js';
import { readFields } from '../../../../src/pipeline/infer/onnx/wire-format.js';
import { emptyHeads } from '../../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../../support/test-manifest.js';
import { constantOnnx } from '../../../support/tiny-onnx.js';
import { SHIPPED_MODEL } from '../golden-pair.js';

const SMALL = constantOnnx(TEST_MANIFEST, emptyHeads(TEST_MANIFEST));

/** What reading ends with: null where it succeeds. Anything but a RangeError is thrown on. */
function failureOf(bytes: Uint8Array): RangeError | null {
  try {
    readModel(bytes);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

describe('readModel', () => {
  it('reads the shipped model: operators, constants, inputs and outputs', () => {
    const graph = readModel(readFileSync(`${SHIPPED_MODEL}/guidenet.onnx`));
    expect(graph.opset).toBe(17);
    expect(graph.inputs).toEqual([{ name: 'frames', type: 'uint8', shape: [1, 3, 256, 256] }]);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['structures', 'tip', 'shaft', 'frame']);
    const [first] = graph.nodes;
    expect(first?.operator).toBe('Cast');
    expect(first?.attributes.get('to')).toBe(1);
    const conv = graph.nodes.find(({ operator }) => operator === 'Conv');
    expect(conv?.attributes.get('pads')).toEqual([3, 3, 3, 3]);
    const kernel = graph.constants.get(conv?.inputs[1] ?? '');
    expect(kernel?.shape).toEqual([32, 3, 7, 7]);
    expect(kernel?.values?.length).toBe(32 * 3 * 7 * 7);
    // Constant nodes are constants too.
    expect(graph.nodes.some(({ operator }) => operator === 'Constant')).toBe(false);
  });

  it('reads graphs with constants of other types, but not their values', () => {
    const graph = readModel(readFileSync(`${SHIPPED_MODEL}/guidenet-int8.onnx`));
    expect(graph.nodes.some(({ operator }) => operator === 'QuantizeLinear')).toBe(true);
    expect([...graph.constants.values()].some(({ values }) => values === null)).toBe(true);
  });

  it('says of bytes that are no model where they stop making sense', () => {
    expect(failureOf(new Uint8Array(0))?.message).toContain('no graph');
    expect(failureOf(Uint8Array.of(58, 200, 1, 0))?.message).toContain('a field of 200 bytes');
    expect(failureOf(Uint8Array.of(8, 255))?.message).toContain('ends inside a number');
    expect(failureOf(new Uint8Array(30).fill(255))?.message).toContain('a number without an end');
    expect(failureOf(Uint8Array.of(11))?.message).toContain('wire type 3');
    expect(failureOf(Uint8Array.of(2, 0))?.message).toContain('a field without a number');
  });

  it('reads or refuses whatever bytes it gets, and does nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        failureOf(bytes);
      }),
    );
  });

  it('reads or refuses a model that was damaged or cut short', () => {
    const damage = fc.record({
      at: fc.nat(SMALL.length - 1),
      value: fc.nat(255),
      length: fc.integer({ min: 0, max: SMALL.length }),
    });
    fc.assert(
      fc.property(damage, ({ at, value, length }) => {
        const bytes = SMALL.slice(0, length);
        if (at < length) bytes[at] = value;
        failureOf(bytes);
      }),
    );
  });

  it('never takes a tensor whose values do not fill its shape', () => {
    // The first dimension of the first constant: field 5 of the graph, field 1 of the tensor.
    const graph = [...readFields(SMALL)].find(({ tag }) => tag === 7)?.value as Uint8Array;
    const constant = [...readFields(graph)].find(({ tag }) => tag === 5)?.value as Uint8Array;
    const lying = SMALL.slice();
    lying[constant.byteOffset - SMALL.byteOffset + 1] = 2;
    expect(failureOf(lying)?.message).toMatch(/of \[2, .*\] has \d+ values/);
  });
});
