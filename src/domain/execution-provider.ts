/**
 * What computes a network inside ONNX Runtime. `cpu` comes with `onnxruntime-node`; the others need
 * hardware, drivers and often libraries that no install brings (`docs/backends.md`). The names are
 * ONNX Runtime's own; `dml` is DirectML.
 */
export type ExecutionProvider = 'cpu' | 'cuda' | 'tensorrt' | 'webgpu' | 'coreml' | 'dml';
export const EXECUTION_PROVIDERS: readonly ExecutionProvider[] = [
  'cpu',
  'cuda',
  'tensorrt',
  'webgpu',
  'coreml',
  'dml',
];

/** What happens where the wanted provider cannot be used: `none` = an error, `cpu` = announced. */
export type ExecutionProviderFallback = 'none' | 'cpu';

/** Which provider runs, and why this one. Reported, never silent. */
export interface SelectedProvider {
  readonly name: ExecutionProvider;
  readonly reason: string;
}
