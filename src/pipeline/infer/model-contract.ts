import { EcholineError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { HeadOutputs } from '../frame-context.js';

/** The network's outputs, in the order in which they are written about. */
export const HEADS = ['structures', 'tip', 'shaft', 'frame'] as const;

/** One input or output as a model file states it. */
export interface TensorSignature {
  readonly name: string;
  /** As ONNX Runtime calls it: `uint8`, `float32`. */
  readonly type: string;
  /** A text where the side is not fixed. */
  readonly shape: readonly (number | string)[];
}

/** The shape that the manifest promises for an output. */
export function headShape(manifest: ModelManifest, head: keyof HeadOutputs): number[] {
  const height = Math.floor(manifest.input.shape[2] / manifest.stridePx);
  const width = Math.floor(manifest.input.shape[3] / manifest.stridePx);
  switch (head) {
    case 'structures':
      return [1, manifest.classes.length, height, width];
    case 'tip':
      return [1, 5, height, width];
    case 'shaft':
      return [1, 4, height, width];
    case 'frame':
      return [1, 5];
  }
}

/** An input buffer that says "no image, no motion". */
export function allocateInput({ input }: ModelManifest): Uint8Array<ArrayBuffer> {
  return new Uint8Array(productOf(input.shape)).fill(input.neutral);
}

/** Buffers for all outputs. */
export function allocateHeads(
  manifest: ModelManifest,
): Readonly<Record<keyof HeadOutputs, Float32Array<ArrayBuffer>>> {
  const allocate = (head: keyof HeadOutputs) =>
    new Float32Array(productOf(headShape(manifest, head)));
  return {
    structures: allocate('structures'),
    tip: allocate('tip'),
    shaft: allocate('shaft'),
    frame: allocate('frame'),
  };
}

/**
 * Compares the names, types and shapes in the file with those that the manifest promises.
 *
 * @throws EcholineError ECHOLINE_MODEL_CONTRACT_MISMATCH
 */
export function checkContract(
  manifest: ModelManifest,
  inputs: readonly TensorSignature[],
  outputs: readonly TensorSignature[],
): void {
  const { name, dtype, shape } = manifest.input;
  const wanted = [
    describe({ name, type: dtype, shape }),
    ...HEADS.map((head) =>
      describe({
        name: manifest.outputs[head],
        type: 'float32',
        shape: headShape(manifest, head),
      }),
    ),
  ];
  const found = [...inputs, ...outputs].map(describe);
  const missing = wanted.filter((entry) => !found.includes(entry));
  if (missing.length === 0 && inputs.length === 1) return;
  throw mismatch(`the manifest promises ${missing.join('; ')}; the file has ${found.join('; ')}`);
}

function describe({ name, type, shape }: TensorSignature): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

/** The error of a file that is not what its manifest says. */
export function mismatch(message: string, cause?: unknown): EcholineError {
  return new EcholineError(
    'ECHOLINE_MODEL_CONTRACT_MISMATCH',
    `Model and manifest do not fit: ${message}. Export both together.`,
    {},
    { cause },
  );
}

/** What something thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function productOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
