/**
 * What a program that embeds Echoline may use. Carts import `echoline/cart`, whoever speaks the
 * wire imports `echoline/protocol`; everything else is internal.
 */
export { type LoadedConfig, loadConfig } from './config/load.js';
export type { Config } from './config/schema.js';
export { EcholineError, type ErrorCode, isEcholineError } from './domain/errors.js';
export type { Frame, FrameIdentity } from './domain/frame.js';
export type { FrameFindings, Overlay } from './domain/overlay.js';
export { type SelectedKernels, selectKernels } from './kernels/select-kernels.js';
export {
  createPipeline,
  type FrameResult,
  type Pipeline,
  type PipelineOptions,
} from './pipeline/pipeline.js';
export { createServer, type ServerAddress, type ServerDependencies } from './server/server.js';
