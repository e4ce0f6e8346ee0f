/** A constant of a graph, row-major, in ONNX's own layout (NCHW, OIHW). */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Integers of 64 bits become doubles: they are axes and shapes. null = elements of another type,
   * which are not read.
   */
  readonly values: Float32Array | Float64Array | null;
}

/** What a node is told beside its inputs. */
export type OnnxAttribute = number | string | readonly number[] | OnnxTensor;

/** One operator of a graph. */
export interface OnnxNode {
  readonly name: string;
  /** e.g. `Conv`; with its domain in front where that is not ONNX's own. */
  readonly operator: string;
  /** Names of values; empty where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output of a graph; a side is a text where it is not fixed. */
export interface OnnxValue {
  readonly name: string;
  /** As ONNX Runtime calls it. */
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What an ONNX file computes; `nodes` are in an order in which they can run. */
export interface OnnxGraph {
  /** Version of ONNX's own operators; null where the file does not say. */
  readonly opset: number | null;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Without those that are constants. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}
