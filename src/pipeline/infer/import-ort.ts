/** ONNX Runtime's module. */
export type OrtRuntime = typeof import('onnxruntime-node');

/**
 * What ONNX Runtime must find in its environment before it is loaded. Its official builds for Linux
 * and macOS send events about the machine, the model and its speed to Microsoft, and keep an
 * identifier of the device in the user's cache (since 1.29, pull request 27379 of
 * microsoft/onnxruntime). A machine beside a patient tells nobody anything; this is the only full
 * opt-out, and it counts only when it is there before the runtime starts.
 */
export const ORT_VARIABLES = { ORT_DISABLE_TELEMETRY: '1' } as const;

/** Imports ONNX Runtime with its telemetry off, whatever the environment says. */
export function importOrt(): Promise<OrtRuntime> {
  Object.assign(process.env, ORT_VARIABLES);
  return import('onnxruntime-node');
}
