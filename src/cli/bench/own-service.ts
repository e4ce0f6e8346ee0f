import { SHIPPED_MODEL } from '../package-root.js';
import { startServiceProcess } from '../service-process.js';
import type { Target, TargetKind, TargetOptions } from './target.js';

/** The service's log is not for the terminal; its last lines are in the error of its start. */
const ignoreLog = () => undefined;

/** Echoline itself, as `echoline serve` starts it, on a free port of this machine. */
export const OWN_SERVICE: TargetKind = {
  name: 'echoline',
  description: 'Echoline: echoline serve, one engine process a core at most, newest frame wins.',
  whyUnavailable: async () => null,
  async start(options, stop): Promise<Target> {
    const service = await startServiceProcess(flagsOf(options), ignoreLog, stop);
    await waitUntilReady(service.url, stop);
    return {
      name: 'echoline',
      url: service.url,
      processId: service.processId,
      close: () => service.stop(),
    };
  },
};

/** A plain service with the shipped model, for one stream and one display. */
export const PLAIN_TARGET: TargetOptions = {
  streams: 1,
  displays: 1,
  workers: 1,
  intraOpThreads: 1,
  modelDirectory: SHIPPED_MODEL,
  precision: 'int8',
  isPatient: false,
};

const PATIENT_FLAGS = {
  'engine-hang-ms': 60_000,
  'engine-first-frame-ms': 60_000,
  'frame-age-max-ms': 10_000,
};

function flagsOf(options: TargetOptions): readonly string[] {
  const { streams, displays, workers } = options;
  const values: Readonly<Record<string, string | number>> = {
    port: 0,
    'log-level': 'error',
    engines: workers ?? 1,
    'intra-op-threads': options.intraOpThreads,
    model: options.modelDirectory,
    precision: options.precision,
    'streams-max': Math.max(8, streams),
    'displays-per-stream-max': Math.max(16, displays),
    'connections-max': Math.max(64, streams * (displays + 1) + 8),
    // A display that is stalled on purpose must stay connected for the whole load.
    'acknowledge-timeout-ms': 60_000,
    ...(options.isPatient && PATIENT_FLAGS),
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** The socket answers before the engine's network is warm; a load may begin only then. */
async function waitUntilReady(url: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const isReady = await fetch(new URL('/readyz', url)).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
