import { EcholineError, isEcholineError } from '../../../domain/errors.js';
import type { TfjsRuntimeName } from '../../../domain/second-opinion.js';
import type { InferenceBackend } from '../inference-backend.js';
import type { LoadedModel } from '../load-model.js';
import {
  allocateHeads,
  allocateInput,
  checkContract,
  HEADS,
  messageOf,
  mismatch,
} from '../model-contract.js';
import type { OnnxGraph } from '../onnx/onnx-graph.js';
import { readModel } from '../onnx/read-model.js';
import { createTfjsGraph, type TfjsGraph } from './tfjs-graph.js';
import { type ImportPackage, importTfjs, type Tfjs } from './tfjs-runtime.js';

/** What the backend needs to know. */
export interface TfjsBackendOptions {
  /** In fp32: quantised operators are not understood. */
  readonly model: LoadedModel;
  readonly runtime: TfjsRuntimeName | 'auto';
  /** Another one only in tests. */
  readonly importPackage?: ImportPackage;
}

/**
 * Loads a model into TensorFlow.js and runs it once, so that whatever it cannot compute shows now.
 * A second opinion by other people's code: reader, layout, operators and arithmetic are not those
 * of ONNX Runtime. Many times slower, so never on a frame's path.
 *
 * @throws EcholineError ECHOLINE_MODEL_RUNTIME_MISSING, ECHOLINE_MODEL_OPERATOR_UNSUPPORTED,
 * ECHOLINE_MODEL_CONTRACT_MISMATCH
 */
export async function createTfjsBackend(options: TfjsBackendOptions): Promise<InferenceBackend> {
  const { manifest, bytes } = options.model;
  const { tf, description } = await importTfjs(options.runtime, options.importPackage);
  const graph = graphOf(bytes);
  checkContract(manifest, graph.inputs, graph.outputs);
  const network = createTfjsGraph(tf, graph);
  const input = allocateInput(manifest);
  const outputs = allocateHeads(manifest);
  const pixels = new Float32Array(input.length);
  const [, channels, height, width] = manifest.input.shape;
  const compute = (): void => {
    interleave(input, pixels, channels);
    const shape = [1, height, width, channels];
    tf.tidy(() => {
      const values = network.run(tf.tensor(pixels, shape, 'float32'));
      for (const head of HEADS) {
        const value = values.get(manifest.outputs[head])?.dataSync<'float32'>();
        if (value !== undefined) outputs[head].set(value);
      }
    });
  };
  firstRun(tf, network, compute);
  let isClosed = false;
  return {
    description,
    input,
    outputs,
    run: async () => {
      try {
        if (isClosed) throw new Error('it is closed');
        compute();
      } catch (cause) {
        const message = `TensorFlow.js failed on a frame: ${messageOf(cause)}`;
        throw new EcholineError('ECHOLINE_INFERENCE_FAILED', message, {}, { cause });
      }
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      network.dispose();
    },
  };
}

function graphOf(bytes: Uint8Array): OnnxGraph {
  try {
    return readModel(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw mismatch(`the file is no ONNX model that can be read: ${cause.message}`, cause);
  }
}

function firstRun(tf: Tfjs, network: TfjsGraph, compute: () => void): void {
  try {
    compute();
  } catch (error) {
    network.dispose();
    if (isEcholineError(error)) throw error;
    const said = `TensorFlow.js ${tf.version_core} cannot compute the model: ${messageOf(error)}`;
    throw mismatch(said, error);
  }
}

/** NCHW bytes → NHWC floats, one image. */
function interleave(planes: Uint8Array, pixels: Float32Array, channels: number): void {
  const count = planes.length / channels;
  for (let channel = 0, from = 0; channel < channels; channel++) {
    for (let to = channel; from < (channel + 1) * count; from++, to += channels) {
      pixels[to] = planes[from] ?? 0;
    }
  }
}
