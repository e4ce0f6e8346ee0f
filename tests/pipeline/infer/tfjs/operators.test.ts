import { beforeAll, describe, expect, it } from 'vitest';
import type {
  OnnxAttribute,
  OnnxNode,
  OnnxTensor,
} from '../../../../src/pipeline/infer/onnx/onnx-graph.js';
import { createTfjsGraph } from '../../../../src/pipeline/infer/tfjs/tfjs-graph.js';
import { importTfjs, type Tfjs } from '../../../../src/pipeline/infer/tfjs/tfjs-runtime.js';

let tf: Tfjs;
beforeAll(async () => {
  tf = (await importTfjs('tfjs-wasm')).tf;
});

function constant(name: string, shape: readonly number[]): OnnxTensor {
  const count = shape.reduce((product, side) => product * side, 1);
  return { name, shape, values: Float32Array.from({ length: count }, (_, index) => index + 1) };
}

/** What one node makes of x, [1, 2, 2, 3] in ONNX's layout with the values 0, 1, 2 …, and of w. */
function compute(
  operator: string,
  attributes: Readonly<Record<string, OnnxAttribute>>,
  w: OnnxTensor | null = null,
  inputs: readonly string[] = w === null ? ['x'] : ['x', w.name],
) {
  const node: OnnxNode = {
    name: 'the-node',
    operator,
    inputs,
    outputs: ['y'],
    attributes: new Map(Object.entries(attributes)),
  };
  const constants = new Map(w === null ? [] : [[w.name, w]]);
  const value = (name: string) => ({ name, type: 'float32', shape: [] });
  const graph = {
    opset: 17,
    nodes: [node],
    constants,
    inputs: [value('x')],
    outputs: [value('y')],
  };
  const network = createTfjsGraph(tf, graph);
  // NHWC of channels [0 1 2; 3 4 5] and [6 7 8; 9 10 11].
  const pixels = [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11];
  return tf.tidy(() => {
    const y = network.run(tf.tensor(pixels, [1, 2, 3, 2])).get('y');
    return { shape: y?.shape, values: [...(y?.dataSync() ?? [])] };
  });
}

describe('operators in TensorFlow.js', () => {
  it('mean along ONNX’s axes, in ONNX’s layout', () => {
    expect(compute('ReduceMean', { axes: [2, 3], keepdims: 0 })).toEqual({
      shape: [1, 2],
      values: [2.5, 8.5],
    });
    expect(compute('ReduceMax', { axes: [-1] })).toEqual({
      shape: [1, 2, 2, 1],
      values: [2, 5, 8, 11],
    });
    expect(compute('Concat', { axis: 1 }, null, ['x', 'x']).shape).toEqual([1, 4, 2, 3]);
  });

  it('convolve with uneven padding and kernels in ONNX’s order', () => {
    // One output channel; the kernel is 1 wide and 1 high: 1 × the first channel + 2 × the second.
    const kernel = constant('w', [1, 2, 1, 1]);
    const { shape, values } = compute('Conv', { pads: [1, 0, 0, 0] }, kernel);
    expect(shape).toEqual([1, 1, 3, 3]);
    expect(values).toEqual([0, 0, 0, 12, 15, 18, 21, 24, 27]);
  });

  it.each([
    ['Conv', { group: 2 }, constant('w', [2, 1, 1, 1]), '2 groups'],
    ['Conv', { auto_pad: 'SAME_UPPER' }, constant('w', [2, 2, 1, 1]), 'auto_pad SAME_UPPER'],
    ['Gemm', { alpha: 0.5 }, constant('w', [2, 2]), 'alpha 0.5'],
    ['Cast', { to: 7 }, null, 'element type 7'],
    ['ReduceMean', {}, constant('w', [2]), 'axes as an input'],
    ['ReduceMean', { axes: [1], keepdims: 0 }, null, undefined],
    ['ReduceMean', { axes: [2], keepdims: 0 }, null, 'axes 1 gone'],
    ['ReduceMax', { axes: [0, 2], keepdims: 0 }, null, 'axes 0,1 gone'],
    ['Add', {}, constant('w', [3]), 'operands of 4 and 1 axes'],
    ['Resize', { mode: 'linear' }, null, 'mode linear, half_pixel'],
    ['Mul', {}, null, 'no input 1'],
    ['Softmax', {}, null, 'operator Softmax'],
  ] as const)('%s %j is computed as ONNX means it, or refused', (operator, attributes, w, what) => {
    const run = () => compute(operator, attributes, w);
    if (what === undefined) expect(run().shape).toEqual([1, 2, 3]);
    else
      expect(run).toThrowError(expect.objectContaining({ message: expect.stringContaining(what) }));
  });
});
