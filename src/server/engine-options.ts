import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/schema.js';
import type { EngineOptions } from '../engine/engine-messages.js';

const HEARTBEAT_MS = 200;
const WARM_UP_RUNS = 20;
const SHIPPED_MODEL = fileURLToPath(new URL('../../models/guidenet', import.meta.url));

/** What the configuration says about the engines of a service. */
export function engineOptionsOf(config: Config): EngineOptions {
  const autoUpTo = Math.max(1, Math.floor(availableParallelism() / config.engines));
  return {
    modelDirectory: config.model === '' ? SHIPPED_MODEL : config.model,
    precision: config.precision,
    executionProvider: config.executionProvider,
    executionProviderFallback: config.executionProviderFallback,
    intraOpThreads: config.intraOpThreads === 'auto' ? { autoUpTo } : config.intraOpThreads,
    secondOpinion: config.secondOpinion,
    secondOpinionIntervalMs: config.secondOpinionIntervalMs,
    kernels: config.kernels,
    warmUpRuns: WARM_UP_RUNS,
    heartbeatMs: HEARTBEAT_MS,
  };
}
