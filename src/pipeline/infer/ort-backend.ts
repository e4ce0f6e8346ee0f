import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EcholineError } from '../../domain/errors.js';
import type { ExecutionProvider } from '../../domain/execution-provider.js';
import { importOrt, type OrtRuntime } from './import-ort.js';
import type { InferenceBackend } from './inference-backend.js';
import type { LoadedModel } from './load-model.js';
import {
  allocateHeads,
  allocateInput,
  checkContract,
  HEADS,
  headShape,
  messageOf,
  mismatch,
} from './model-contract.js';

/** What the backend needs to know. */
export interface OrtBackendOptions {
  readonly model: LoadedModel;
  readonly executionProvider: ExecutionProvider;
  /** Threads within one operator: 1 for many streams, 2 for one. */
  readonly intraOpThreads: number;
  /** Inferences before the backend counts as ready; the first ones are several times slower. */
  readonly warmUpRuns: number;
  /** How the runtime is imported; another one only in tests. */
  readonly importRuntime?: () => Promise<OrtRuntime>;
}

/**
 * Loads a model into ONNX Runtime and warms it up.
 *
 * Input and outputs are allocated once. Outputs are read from our own buffers: the tensors that
 * `run()` returns are copies of them (measured with onnxruntime-node 1.30). Operators that another
 * execution provider lacks are computed by the CPU; ONNX Runtime decides that by itself.
 *
 * @throws EcholineError ECHOLINE_MODEL_RUNTIME_MISSING, ECHOLINE_MODEL_PROVIDER_UNAVAILABLE,
 * ECHOLINE_MODEL_CONTRACT_MISMATCH
 */
export async function createOrtBackend(options: OrtBackendOptions): Promise<InferenceBackend> {
  const runtime = await loadOrt(options.importRuntime ?? importOrt);
  const { manifest } = options.model;
  const session = await createSession(runtime, options);
  const input = allocateInput(manifest);
  const outputs = allocateHeads(manifest);
  const shape = [...manifest.input.shape];
  const feeds = { [manifest.input.name]: new runtime.Tensor('uint8', input, shape) };
  const fetches: Record<string, Tensor> = {};
  for (const head of HEADS) {
    const tensor = new runtime.Tensor('float32', outputs[head], headShape(manifest, head));
    fetches[manifest.outputs[head]] = tensor;
  }
  const run = async () => {
    try {
      await session.run(feeds, fetches);
    } catch (cause) {
      const message = `ONNX Runtime failed on a frame: ${messageOf(cause)}`;
      throw new EcholineError('ECHOLINE_INFERENCE_FAILED', message, {}, { cause });
    }
  };
  try {
    checkSession(session, options);
    await warmUp(run, options);
  } catch (error) {
    await session.release();
    throw error;
  }
  let isClosed = false;
  return {
    description: `onnxruntime-node ${runtime.env.versions.node}, ${options.executionProvider}`,
    input,
    outputs,
    run,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await session.release();
    },
  };
}

async function loadOrt(importRuntime: () => Promise<OrtRuntime>): Promise<OrtRuntime> {
  try {
    return await importRuntime();
  } catch (cause) {
    throw new EcholineError(
      'ECHOLINE_MODEL_RUNTIME_MISSING',
      `onnxruntime-node cannot be loaded on ${process.platform}-${process.arch}: ` +
        `${messageOf(cause)}. Run npm ci again; echoline doctor says what this machine supports.`,
      { platform: process.platform, arch: process.arch },
      { cause },
    );
  }
}

async function createSession(
  runtime: OrtRuntime,
  { model, executionProvider, intraOpThreads }: OrtBackendOptions,
): Promise<InferenceSession> {
  // ONNX Runtime drops a provider that it does not know and runs on the CPU instead.
  const known = runtime.listSupportedBackends().map(({ name }) => name);
  if (!known.includes(executionProvider)) {
    const why = `this build of ONNX Runtime has ${known.join(', ')}`;
    throw providerUnavailable(executionProvider, why);
  }
  try {
    return await runtime.InferenceSession.create(model.bytes, {
      executionProviders: [executionProvider],
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Spinning threads burn most of a core between frames and gain no latency (decision 5).
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    const said = messageOf(cause).trim();
    if (executionProvider !== 'cpu') throw providerUnavailable(executionProvider, said, cause);
    throw mismatch(`ONNX Runtime cannot load the model: ${said}`, cause);
  }
}

function checkSession(session: InferenceSession, { model }: OrtBackendOptions): void {
  const signatureOf = (value: InferenceSession.ValueMetadata) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: value.shape }
      : { name: value.name, type: 'no tensor', shape: [] };
  const { inputMetadata, outputMetadata } = session;
  checkContract(model.manifest, inputMetadata.map(signatureOf), outputMetadata.map(signatureOf));
}

/** A provider may load and still fail on the first frame, e.g. without memory on its device. */
async function warmUp(run: () => Promise<void>, options: OrtBackendOptions): Promise<void> {
  try {
    for (let count = 0; count < options.warmUpRuns; count++) await run();
  } catch (error) {
    if (options.executionProvider === 'cpu') throw error;
    throw providerUnavailable(options.executionProvider, messageOf(error), error);
  }
}

function providerUnavailable(
  provider: ExecutionProvider,
  why: string,
  cause?: unknown,
): EcholineError {
  return new EcholineError(
    'ECHOLINE_MODEL_PROVIDER_UNAVAILABLE',
    `The execution provider ${provider} was asked for and cannot be used: ${why}. Install what ` +
      'it needs (docs/backends.md), ask for cpu, or set executionProviderFallback to cpu.',
    { provider },
    { cause },
  );
}
