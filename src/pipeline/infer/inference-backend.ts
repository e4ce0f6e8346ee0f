import type { HeadOutputs } from '../frame-context.js';

/**
 * A loaded network. Buffers belong to the backend: write `input`, await `run()`, read `outputs`.
 * One run at a time. `run()` may block its thread for the whole inference, which is why engines are
 * processes of their own. `tests/pipeline/infer/backend-contract.ts` is what every backend passes.
 */
export interface InferenceBackend {
  /** What computes, with its version, for people: `onnxruntime-node 1.30.0, cpu`. */
  readonly description: string;
  /** uint8 [1, 3, height, width]; filled with the neutral value at first. */
  readonly input: Uint8Array;
  /** The same buffers for the backend's whole life. */
  readonly outputs: HeadOutputs;
  /** @throws EcholineError ECHOLINE_INFERENCE_FAILED, also after `close` */
  run(): Promise<void>;
  /** Frees the network; may be called again. */
  close(): Promise<void>;
}
