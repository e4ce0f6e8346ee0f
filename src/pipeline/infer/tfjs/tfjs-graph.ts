import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxGraph, OnnxTensor } from '../onnx/onnx-graph.js';
import { OPERATORS, unsupported } from './operators.js';
import type { Tfjs } from './tfjs-runtime.js';

/** An ONNX graph that TensorFlow.js computes; its constants live in TensorFlow.js's memory. */
export interface TfjsGraph {
  /**
   * Computes all outputs, in ONNX's layout. Call it within `tf.tidy`.
   *
   * @param input - [1, height, width, channels]
   */
  run(input: Tensor): ReadonlyMap<string, Tensor>;
  /** Frees the constants. */
  dispose(): void;
}

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];
/** Kernels: OIHW in ONNX. */
const TO_HWIO = [2, 3, 1, 0];

/**
 * Takes an ONNX graph over.
 *
 * @throws EcholineError ECHOLINE_MODEL_OPERATOR_UNSUPPORTED for the first operator not known
 */
export function createTfjsGraph(tf: Tfjs, graph: OnnxGraph): TfjsGraph {
  const unknown = graph.nodes.find(({ operator }) => !OPERATORS.has(operator));
  if (unknown !== undefined) throw unsupported(unknown);
  const weights = tf.tidy(() => constantTensors(tf, graph));
  return {
    run(input) {
      const values = new Map<string, Tensor>(Object.entries(weights));
      for (const { name } of graph.inputs) values.set(name, input);
      for (const node of graph.nodes) {
        const compute = OPERATORS.get(node.operator);
        if (compute === undefined) throw unsupported(node);
        const inputs = node.inputs.map((name) => values.get(name) ?? null);
        const [name = ''] = node.outputs;
        values.set(name, compute({ tf, node, inputs, constants: graph.constants }));
      }
      const outputs = new Map<string, Tensor>();
      for (const { name } of graph.outputs) {
        const value = values.get(name);
        if (value === undefined) throw new Error(`no node computes the output ${name}`);
        outputs.set(name, value.rank === 4 ? tf.transpose(value, TO_NCHW) : value);
      }
      return outputs;
    },
    dispose: () => tf.dispose(weights),
  };
}

/** The constants as tensors, by name; those of integers stay with the operators that read them. */
function constantTensors(tf: Tfjs, graph: OnnxGraph): Record<string, Tensor> {
  const kernels = new Set(
    graph.nodes.filter(({ operator }) => operator === 'Conv').map(({ inputs }) => inputs[1]),
  );
  const tensors: Record<string, Tensor> = {};
  for (const [name, constant] of graph.constants) {
    if (!isFloat(constant)) continue;
    const tensor = tf.tensor(constant.values, [...constant.shape], 'float32');
    const order = kernels.has(name) ? TO_HWIO : TO_NHWC;
    tensors[name] = tensor.rank === 4 ? tf.transpose(tensor, order) : tensor;
  }
  return tensors;
}

function isFloat(constant: OnnxTensor): constant is OnnxTensor & { readonly values: Float32Array } {
  return constant.values instanceof Float32Array;
}
