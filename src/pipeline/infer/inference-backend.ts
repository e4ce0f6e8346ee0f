import type { HeadOutputs } from '../frame-context.js';

/**
 * A loaded network. Buffers belong to the backend: write `input`, await `run()`, read `outputs`.
 * One run at a time. `run()` may block its thread for the whole inference, which is why engines are
 * processes of their own.
 */
export interface InferenceBackend {
  /** uint8 [1, 3, height, width] */
  readonly input: Uint8Array;
  readonly outputs: HeadOutputs;
  /** @throws EcholineError ECHOLINE_INFERENCE_FAILED */
  run(): Promise<void>;
  /** Frees the session; may be called again. */
  close(): Promise<void>;
}
