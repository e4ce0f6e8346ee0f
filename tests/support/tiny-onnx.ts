import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '../../src/domain/model-manifest.js';
import type { HeadOutputs } from '../../src/pipeline/frame-context.js';

type Field = readonly [tag: number, value: number | string | Uint8Array];

/** Encodes a protobuf message: numbers as varints, the rest length-delimited. */
function message(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  for (const [tag, value] of fields) {
    if (typeof value === 'number') {
      varint(tag * 8);
      varint(value);
      continue;
    }
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    varint(tag * 8 + 2);
    varint(content.length);
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

const FLOAT = 1;
const UINT8 = 2;

function valueInfo(name: string, type: number, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((side): Field => [1, message([[1, side]])]);
  const tensor = message([
    [1, type],
    [2, message(dimensions)],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}

/** An ONNX model that answers every frame with the same outputs: the pipeline's ideal witness. */
export function constantOnnx(manifest: ModelManifest, heads: HeadOutputs): Uint8Array {
  const side = manifest.input.shape[2] / manifest.stridePx;
  const shapes: Record<keyof HeadOutputs, number[]> = {
    structures: [1, manifest.classes.length, side, side],
    tip: [1, 5, side, side],
    shaft: [1, 4, side, side],
    frame: [1, 5],
  };
  const graph: Field[] = [];
  const names = Object.keys(shapes) as (keyof HeadOutputs)[];
  for (const name of names) {
    graph.push([
      1,
      message([
        [1, `${name}-value`],
        [2, name],
        [4, 'Identity'],
      ]),
    ]);
  }
  graph.push([2, 'constant']);
  for (const name of names) {
    const values = heads[name];
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dimensions = shapes[name].map((length): Field => [1, length]);
    graph.push([5, message([...dimensions, [2, FLOAT], [8, `${name}-value`], [9, raw]])]);
  }
  graph.push([11, valueInfo(manifest.input.name, UINT8, manifest.input.shape)]);
  for (const name of names) graph.push([12, valueInfo(name, FLOAT, shapes[name])]);
  return message([
    [1, 8],
    [7, message(graph)],
    [
      8,
      message([
        [1, ''],
        [2, 13],
      ]),
    ],
  ]);
}

/** Writes a model folder with a fitting manifest; returns its path. */
export function writeModel(manifest: ModelManifest, onnx: Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), 'echoline-model-'));
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  writeFileSync(join(directory, manifest.file), onnx);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, sha256 }));
  return directory;
}

/** Adds `int8.onnx` to a model folder as the int8 variant. */
export function addInt8(directory: string, onnx: Uint8Array): void {
  const path = join(directory, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as ModelManifest;
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  writeFileSync(join(directory, 'int8.onnx'), onnx);
  const variants = { int8: { file: 'int8.onnx', sha256 } };
  writeFileSync(path, JSON.stringify({ ...manifest, variants }));
}
