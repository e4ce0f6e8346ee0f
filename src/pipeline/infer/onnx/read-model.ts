import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './onnx-graph.js';
import { ELEMENT_TYPES, readTensor } from './read-tensor.js';
import { readFields, readPackedVarints, signed } from './wire-format.js';

const TEXT = new TextDecoder();
/** `AttributeProto.AttributeType` */
const ATTRIBUTE = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7 } as const;

/**
 * Reads the graph of an ONNX file (`onnx.proto`, `ModelProto`): what an engine that is not ONNX
 * Runtime needs to compute it. What is not needed for that is skipped. `Constant` nodes become
 * constants.
 *
 * @throws RangeError saying where the bytes are no such file
 */
export function readModel(bytes: Uint8Array): OnnxGraph {
  let graph: Uint8Array | null = null;
  let opset: number | null = null;
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.tag === 7) graph = field.value;
    if (field.tag === 8) opset = readOpset(field.value) ?? opset;
  }
  if (graph === null) throw new RangeError('it holds no graph');
  return { opset, ...readGraph(graph) };
}

/** Version of ONNX's own operators; null for those of another domain. */
function readOpset(bytes: Uint8Array): number | null {
  let domain = '';
  let version: number | null = null;
  for (const field of readFields(bytes)) {
    if (field.tag === 1 && field.kind === 'bytes') domain = TEXT.decode(field.value);
    if (field.tag === 2 && field.kind === 'varint') version = signed(field.value);
  }
  return domain === '' ? version : null;
}

function readGraph(bytes: Uint8Array): Omit<OnnxGraph, 'opset'> {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.tag === 1) {
      const node = readNode(field.value);
      const value = node.operator === 'Constant' ? node.attributes.get('value') : undefined;
      const [name] = node.outputs;
      if (isTensor(value) && name !== undefined) constants.set(name, value);
      else nodes.push(node);
    } else if (field.tag === 5) {
      const tensor = readTensor(field.value);
      constants.set(tensor.name, tensor);
    } else if (field.tag === 11) inputs.push(readValue(field.value));
    else if (field.tag === 12) outputs.push(readValue(field.value));
  }
  return { nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}

function isTensor(value: OnnxAttribute | undefined): value is OnnxTensor {
  return typeof value === 'object' && 'values' in value && 'shape' in value;
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let operator = '';
  let domain = '';
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.tag === 5) {
      const [key, value] = readAttribute(field.value);
      attributes.set(key, value);
      continue;
    }
    const text = TEXT.decode(field.value);
    if (field.tag === 1) inputs.push(text);
    else if (field.tag === 2) outputs.push(text);
    else if (field.tag === 3) name = text;
    else if (field.tag === 4) operator = text;
    else if (field.tag === 7) domain = text;
  }
  if (domain !== '') operator = `${domain}.${operator}`;
  return { name: name === '' ? (outputs[0] ?? '') : name, operator, inputs, outputs, attributes };
}

/** Values of other kinds (graphs, lists of texts) are read as no numbers at all. */
function readAttribute(bytes: Uint8Array): readonly [string, OnnxAttribute] {
  let name = '';
  let type = 0;
  let float = 0;
  let integer = 0;
  let text = '';
  let tensor: OnnxTensor | null = null;
  const floats: number[] = [];
  const integers: number[] = [];
  for (const field of readFields(bytes)) {
    const { tag } = field;
    if (field.kind === 'varint') {
      if (tag === 20) type = signed(field.value);
      else if (tag === 3) integer = signed(field.value);
      else if (tag === 8) integers.push(signed(field.value));
    } else if (field.kind === 'fixed') {
      if (tag === 2) float = field.value.getFloat32(0, true);
      else if (tag === 7) floats.push(field.value.getFloat32(0, true));
    } else if (tag === 1) name = TEXT.decode(field.value);
    else if (tag === 4) text = TEXT.decode(field.value);
    else if (tag === 5) tensor = readTensor(field.value);
    else if (tag === 8) integers.push(...readPackedVarints(field.value));
  }
  if (type === ATTRIBUTE.float) return [name, float];
  if (type === ATTRIBUTE.integer) return [name, integer];
  if (type === ATTRIBUTE.text) return [name, text];
  if (type === ATTRIBUTE.tensor && tensor !== null) return [name, tensor];
  return [name, type === ATTRIBUTE.floats ? floats : integers];
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let type = 'unknown';
  let shape: readonly (number | string)[] = [];
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.tag === 1) name = TEXT.decode(field.value);
    const tensor = field.tag === 2 ? messageIn(field.value, 1) : null;
    if (tensor === null) continue;
    for (const part of readFields(tensor)) {
      if (part.tag === 1 && part.kind === 'varint') {
        type = ELEMENT_TYPES[signed(part.value)] ?? `type ${part.value}`;
      }
      if (part.tag === 2 && part.kind === 'bytes') shape = readShape(part.value);
    }
  }
  return { name, type, shape };
}

function readShape(bytes: Uint8Array): readonly (number | string)[] {
  const sides: (number | string)[] = [];
  for (const field of readFields(bytes)) {
    if (field.tag !== 1 || field.kind !== 'bytes') continue;
    let side: number | string = '?';
    for (const part of readFields(field.value)) {
      if (part.tag === 1 && part.kind === 'varint') side = signed(part.value);
      if (part.tag === 2 && part.kind === 'bytes') side = TEXT.decode(part.value);
    }
    sides.push(side);
  }
  return sides;
}

/** The last message in a field of a message; null without one. */
function messageIn(bytes: Uint8Array, tag: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  for (const field of readFields(bytes)) {
    if (field.tag === tag && field.kind === 'bytes') found = field.value;
  }
  return found;
}
