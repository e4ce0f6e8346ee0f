import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { EcholineError } from '../../../domain/errors.js';
import type { OnnxNode, OnnxTensor } from '../onnx/onnx-graph.js';
import type { Tfjs } from './tfjs-runtime.js';

/** One operator about to be computed. Tensors with four axes are NHWC here, NCHW in ONNX. */
export interface OperatorCall {
  readonly tf: Tfjs;
  readonly node: OnnxNode;
  /** In the node's order; null where an optional one is left out, or is no tensor of floats. */
  readonly inputs: readonly (Tensor | null)[];
  /** In ONNX's layout. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
}

type Operator = (call: OperatorCall) => Tensor;

/** Every operator that is understood; others are refused by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Add', (call) => call.tf.add(...sameLayout(call))],
  ['Cast', cast],
  ['Concat', concat],
  ['Conv', conv],
  ['Gemm', gemm],
  ['Identity', (call) => input(call, 0)],
  ['Mul', (call) => call.tf.mul(...sameLayout(call))],
  ['ReduceMax', (call) => reduce(call, call.tf.max)],
  ['ReduceMean', (call) => reduce(call, call.tf.mean)],
  ['Relu', (call) => call.tf.relu(input(call, 0))],
  ['Resize', resize],
]);

/** The error of a node that this engine does not compute as ONNX means it. */
export function unsupported(node: OnnxNode, what = ''): EcholineError {
  const { name, operator } = node;
  return new EcholineError(
    'ECHOLINE_MODEL_OPERATOR_UNSUPPORTED',
    `TensorFlow.js was asked for and cannot run node ${name}: operator ${operator}` +
      `${what === '' ? '' : ` with ${what}`} is not among those of docs/backends.md. Switch ` +
      'secondOpinion off, or add the operator to src/pipeline/infer/tfjs/operators.ts.',
    { operator, node: name },
  );
}

const FLOAT = 1;
/** ONNX axis (NCHW) → axis here (NHWC). */
const NHWC_AXIS: readonly number[] = [0, 3, 1, 2];

function input({ inputs, node }: OperatorCall, index: number): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined || tensor === null) throw unsupported(node, `no input ${index}`);
  return tensor;
}

/** Two operands whose axes mean the same; ONNX lines axes up from the last one, which is W. */
function sameLayout(call: OperatorCall): [Tensor, Tensor] {
  const a = input(call, 0);
  const b = input(call, 1);
  const isSame = a.rank === b.rank || a.size === 1 || b.size === 1 || Math.max(a.rank, b.rank) < 4;
  if (!isSame) throw unsupported(call.node, `operands of ${a.rank} and ${b.rank} axes`);
  return [a, b];
}

function numberOf({ attributes }: OnnxNode, name: string, otherwise: number): number {
  const value = attributes.get(name);
  return typeof value === 'number' ? value : otherwise;
}

function numbersOf(
  { attributes }: OnnxNode,
  name: string,
  otherwise: readonly number[],
): readonly number[] {
  const value = attributes.get(name);
  return Array.isArray(value) ? value : otherwise;
}

function textOf({ attributes }: OnnxNode, name: string, otherwise: string): string {
  const value = attributes.get(name);
  return typeof value === 'string' ? value : otherwise;
}

function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? (NHWC_AXIS[positive] ?? positive) : positive;
}

function cast(call: OperatorCall): Tensor {
  const to = numberOf(call.node, 'to', 0);
  if (to !== FLOAT) throw unsupported(call.node, `element type ${to}`);
  return call.tf.cast(input(call, 0), 'float32');
}

function concat(call: OperatorCall): Tensor {
  const tensors = call.node.inputs.map((_, index) => input(call, index));
  const axis = axisOf(numberOf(call.node, 'axis', 0), input(call, 0).rank);
  return call.tf.concat(tensors, axis);
}

function conv(call: OperatorCall): Tensor {
  const { tf, node } = call;
  const x = input(call, 0) as Tensor4D;
  const kernel = input(call, 1) as Tensor4D;
  const group = numberOf(node, 'group', 1);
  const padding = textOf(node, 'auto_pad', 'NOTSET');
  const [dilationY = 1, dilationX = 1] = numbersOf(node, 'dilations', []);
  const [strideY = 1, strideX = 1] = numbersOf(node, 'strides', []);
  const [top = 0, left = 0, bottom = 0, right = 0] = numbersOf(node, 'pads', []);
  if (x.rank !== 4 || kernel.rank !== 4) throw unsupported(node, `${x.rank} axes`);
  if (group !== 1) throw unsupported(node, `${group} groups`);
  if (padding !== 'NOTSET') throw unsupported(node, `auto_pad ${padding}`);
  const pads = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as [[number, number], [number, number], [number, number], [number, number]];
  const strides: [number, number] = [strideY, strideX];
  const y = tf.conv2d(x, kernel, strides, pads, 'NHWC', [dilationY, dilationX]);
  return node.inputs.length < 3 ? y : tf.add(y, input(call, 2) as Tensor1D);
}

function gemm(call: OperatorCall): Tensor {
  const { tf, node } = call;
  for (const factor of ['alpha', 'beta']) {
    const value = numberOf(node, factor, 1);
    if (value !== 1) throw unsupported(node, `${factor} ${value}`);
  }
  const a = input(call, 0) as Tensor2D;
  const b = input(call, 1) as Tensor2D;
  const isTransposed = (name: string) => numberOf(node, name, 0) === 1;
  const product = tf.matMul(a, b, isTransposed('transA'), isTransposed('transB'));
  return node.inputs.length < 3 ? product : tf.add(product, input(call, 2));
}

function reduce(
  call: OperatorCall,
  over: (x: Tensor, axes: number[], keepDims: boolean) => Tensor,
): Tensor {
  const { node } = call;
  const x = input(call, 0);
  // From opset 18 on the axes are an input.
  if (node.inputs.length > 1) throw unsupported(node, 'axes as an input');
  const everything = Array.from({ length: x.rank }, (_, axis) => axis);
  const axes = numbersOf(node, 'axes', everything).map((axis) => axisOf(axis, x.rank));
  const keepsAxes = numberOf(node, 'keepdims', 1) === 1;
  // Channels that stay behind rows or columns would be in another place than ONNX has them.
  const isOrderKept = axes.includes(3) || (axes.includes(1) && axes.includes(2));
  if (x.rank === 4 && !keepsAxes && !isOrderKept) throw unsupported(node, `axes ${axes} gone`);
  return over(x, axes, keepsAxes);
}

/** Nearest neighbour, enlarged by whole numbers: what `interpolate` exports. */
function resize(call: OperatorCall): Tensor {
  const { tf, node, constants } = call;
  const x = input(call, 0) as Tensor4D;
  const scales = constants.get(node.inputs[2] ?? '')?.values;
  const [, , scaleY = 0, scaleX = 0] = scales ?? [];
  const coordinates = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const rounding = textOf(node, 'nearest_mode', 'round_prefer_floor');
  const mode = `${textOf(node, 'mode', 'nearest')}, ${coordinates}, ${rounding}`;
  if (mode !== 'nearest, asymmetric, floor') throw unsupported(node, `mode ${mode}`);
  const isWhole = [scaleY, scaleX].every((scale) => Number.isInteger(scale) && scale > 0);
  if (x.rank !== 4 || !isWhole) throw unsupported(node, `scales ${scales ?? 'not constant'}`);
  const [, height, width] = x.shape;
  return tf.image.resizeNearestNeighbor(x, [height * scaleY, width * scaleX]);
}
