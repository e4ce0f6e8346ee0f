import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EcholineError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { HeadOutputs } from '../frame-context.js';
import type { InferenceBackend } from './inference-backend.js';
import type { LoadedModel } from './load-model.js';

type Runtime = typeof import('onnxruntime-node');

/** What the backend needs to know. */
export interface OrtBackendOptions {
  readonly model: LoadedModel;
  /** Threads within one operator: 1 for many streams, 2 for one. */
  readonly intraOpThreads: number;
  /** Inferences before the backend counts as ready; the first ones are several times slower. */
  readonly warmUpRuns: number;
  /** How the runtime is imported; another one only in tests. */
  readonly importRuntime?: () => Promise<Runtime>;
}

/**
 * Loads a model into ONNX Runtime (CPU) and warms it up.
 *
 * Input and outputs are allocated once. Outputs are read from our own buffers: the tensors that
 * `run()` returns are copies of them (measured with onnxruntime-node 1.30).
 *
 * @throws EcholineError ECHOLINE_MODEL_RUNTIME_MISSING, ECHOLINE_MODEL_CONTRACT_MISMATCH
 */
export async function createOrtBackend(options: OrtBackendOptions): Promise<InferenceBackend> {
  const runtime = await importOrt(options.importRuntime ?? (() => import('onnxruntime-node')));
  const { manifest, bytes } = options.model;
  const session = await createSession(runtime, bytes, options.intraOpThreads);
  const { shape } = manifest.input;
  const input = new Uint8Array(shape[0] * shape[1] * shape[2] * shape[3]);
  input.fill(manifest.input.neutral);
  const feeds = { [manifest.input.name]: new runtime.Tensor('uint8', input, [...shape]) };
  const outputs = {} as Record<keyof HeadOutputs, Float32Array>;
  const fetches: Record<string, Tensor> = {};
  for (const head of HEADS) {
    const headShape = shapeOf(manifest, head);
    const buffer = new Float32Array(headShape.reduce((product, side) => product * side, 1));
    outputs[head] = buffer;
    fetches[manifest.outputs[head]] = new runtime.Tensor('float32', buffer, headShape);
  }
  try {
    checkContract(session, manifest);
    for (let run = 0; run < options.warmUpRuns; run++) await session.run(feeds, fetches);
  } catch (error) {
    await session.release();
    throw error;
  }
  let isClosed = false;
  return {
    input,
    outputs,
    run: async () => {
      try {
        await session.run(feeds, fetches);
      } catch (cause) {
        const said = cause instanceof Error ? cause.message : String(cause);
        const message = `ONNX Runtime failed on a frame: ${said}`;
        throw new EcholineError('ECHOLINE_INFERENCE_FAILED', message, {}, { cause });
      }
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await session.release();
    },
  };
}

const HEADS = ['structures', 'tip', 'shaft', 'frame'] as const;

/** The shape an output has to have. */
function shapeOf(manifest: ModelManifest, head: keyof HeadOutputs): number[] {
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

async function importOrt(importRuntime: () => Promise<Runtime>): Promise<Runtime> {
  try {
    return await importRuntime();
  } catch (cause) {
    throw new EcholineError(
      'ECHOLINE_MODEL_RUNTIME_MISSING',
      `onnxruntime-node cannot be loaded on ${process.platform}-${process.arch}: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Run npm ci again; ` +
        'echoline doctor says what this machine supports.',
      { platform: process.platform, arch: process.arch },
      { cause },
    );
  }
}

async function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  intraOpThreads: number,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Spinning threads burn most of a core between frames and gain no latency (decision 5).
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw mismatch(`ONNX Runtime cannot load the model: ${said}`, cause);
  }
}

/** Compares the names, types and shapes in the file with those that the manifest promises. */
function checkContract(session: InferenceSession, manifest: ModelManifest): void {
  const wanted = [
    describe(manifest.input.name, 'uint8', manifest.input.shape),
    ...HEADS.map((head) => describe(manifest.outputs[head], 'float32', shapeOf(manifest, head))),
  ];
  const found = [...session.inputMetadata, ...session.outputMetadata].map((value) =>
    value.isTensor ? describe(value.name, value.type, value.shape) : value.name,
  );
  const missing = wanted.filter((entry) => !found.includes(entry));
  if (missing.length === 0 && session.inputNames.length === 1) return;
  throw mismatch(`the manifest promises ${missing.join('; ')}; the file has ${found.join('; ')}`);
}

function describe(name: string, type: string, shape: readonly (number | string)[]): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

function mismatch(message: string, cause?: unknown): EcholineError {
  return new EcholineError(
    'ECHOLINE_MODEL_CONTRACT_MISMATCH',
    `Model and manifest do not fit: ${message}. Export both together.`,
    {},
    { cause },
  );
}
