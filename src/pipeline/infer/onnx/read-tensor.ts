import type { OnnxTensor } from './onnx-graph.js';
import { readFields, readPackedVarints, signed, viewOf } from './wire-format.js';

/** `TensorProto.DataType`, as far as it matters here. */
export const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  11: 'float64',
};
const FLOAT = 1;
const INT64 = 7;

const TEXT = new TextDecoder();

/**
 * Reads a `TensorProto`; the values only of 32-bit floats and 64-bit integers.
 *
 * @throws RangeError where the bytes are no tensor, the lengths do not fit the shape, or the values
 * are in another file
 */
export function readTensor(bytes: Uint8Array): OnnxTensor {
  let shape: readonly number[] = [];
  const numbers: number[] = [];
  let raw: Uint8Array | null = null;
  let name = '';
  let type = 0;
  let isElsewhere = false;
  const append = (values: Iterable<number>): void => {
    for (const value of values) numbers.push(value);
  };
  for (const field of readFields(bytes)) {
    const { tag } = field;
    if (field.kind === 'varint') {
      if (tag === 1) shape = [...shape, signed(field.value)];
      else if (tag === 2) type = signed(field.value);
      else if (tag === 7) numbers.push(signed(field.value));
      else if (tag === 14) isElsewhere = field.value !== 0n;
    } else if (field.kind === 'fixed') {
      if (tag === 4) numbers.push(field.value.getFloat32(0, true));
    } else if (tag === 1) shape = readPackedVarints(field.value);
    else if (tag === 4) append(floatsOf(field.value));
    else if (tag === 7) append(readPackedVarints(field.value));
    else if (tag === 8) name = TEXT.decode(field.value);
    else if (tag === 9) raw = field.value;
  }
  if (isElsewhere) throw new RangeError(`the values of ${name} are in another file`);
  const values = valuesOf(type, raw, numbers);
  const count = shape.reduce((product, side) => product * side, 1);
  if (shape.some((side) => side < 0) || (values !== null && count !== values.length)) {
    throw new RangeError(`${name} of [${shape.join(', ')}] has ${values?.length} values`);
  }
  return { name, shape, values };
}

function valuesOf(
  type: number,
  raw: Uint8Array | null,
  numbers: readonly number[],
): OnnxTensor['values'] {
  if (type === FLOAT) return raw === null ? Float32Array.from(numbers) : floatsOf(raw);
  if (type === INT64) return raw === null ? Float64Array.from(numbers) : integersOf(raw);
  return null;
}

function floatsOf(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) throw new RangeError(`${bytes.length} bytes are no 32-bit floats`);
  const view = viewOf(bytes);
  const values = new Float32Array(bytes.length / 4);
  for (let index = 0; index < values.length; index++) {
    values[index] = view.getFloat32(4 * index, true);
  }
  return values;
}

function integersOf(bytes: Uint8Array): Float64Array {
  if (bytes.length % 8 !== 0) throw new RangeError(`${bytes.length} bytes are no 64-bit integers`);
  const view = viewOf(bytes);
  const values = new Float64Array(bytes.length / 8);
  for (let index = 0; index < values.length; index++) {
    values[index] = signed(view.getBigUint64(8 * index, true));
  }
  return values;
}
