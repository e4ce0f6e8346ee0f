import { isEcholineError } from '../../domain/errors.js';
import type {
  ExecutionProvider,
  ExecutionProviderFallback,
  SelectedProvider,
} from '../../domain/execution-provider.js';
import type { ModelManifest, Precision, PrecisionChoice } from '../../domain/model-manifest.js';
import { compareSpeed } from './compare-speed.js';
import type { InferenceBackend } from './inference-backend.js';
import { findModelFile, loadManifest, loadModel } from './load-model.js';
import { createOrtBackend } from './ort-backend.js';
import { type SelectedThreads, type ThreadsChoice, tuneThreads } from './tune-threads.js';

/** What to open. */
export interface OpenBackendOptions {
  /** Folder with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  readonly precision: PrecisionChoice;
  readonly executionProvider: ExecutionProvider;
  readonly executionProviderFallback: ExecutionProviderFallback;
  readonly intraOpThreads: ThreadsChoice;
  readonly warmUpRuns: number;
  /** A monotonic clock, µs; to compare precisions and threads. */
  readonly readClockUs: () => number;
}

/** Which of a model's files runs, why this one, and on what. Reported, never silent. */
export interface SelectedInference {
  readonly precision: Precision;
  /** Why this precision. */
  readonly reason: string;
  readonly executionProvider: SelectedProvider;
  readonly threads: SelectedThreads;
}

/** A network that is ready. */
export interface OpenedBackend {
  readonly backend: InferenceBackend;
  readonly manifest: ModelManifest;
  readonly selected: SelectedInference;
  /** Lower-case hex SHA-256 of the file that runs. */
  readonly sha256: string;
}

/** int8 has to be this many times as fast as fp32: it is a little less exact. */
const GAIN_MIN = 1.15;
/** A network's runs settle after the first two or three; all else the frames behind warm up. */
const WARM_UP_RUNS_MAX = 4;

/**
 * Opens the network on the wanted execution provider, or on the CPU where that one cannot be used
 * and the deployer allows it.
 *
 * @throws EcholineError ECHOLINE_MODEL_*
 */
export async function openBackend(options: OpenBackendOptions): Promise<OpenedBackend> {
  const manifest = await loadManifest(options.modelDirectory);
  const wanted = { name: options.executionProvider, reason: 'configured' };
  try {
    return await openWithThreads({ ...options, manifest, provider: wanted });
  } catch (error) {
    const isMissing =
      isEcholineError(error) && error.code === 'ECHOLINE_MODEL_PROVIDER_UNAVAILABLE';
    if (!isMissing || options.executionProviderFallback === 'none') throw error;
    const provider = { name: 'cpu', reason: `fallback: ${error.message}` } as const;
    return openWithThreads({ ...options, manifest, provider });
  }
}

interface OpenOnProvider extends OpenBackendOptions {
  readonly manifest: ModelManifest;
  readonly provider: SelectedProvider;
}

/** With `auto` the precision is chosen on one thread, and then how many it runs on. */
async function openWithThreads(options: OpenOnProvider): Promise<OpenedBackend> {
  const { intraOpThreads: wanted, provider, readClockUs } = options;
  if (typeof wanted === 'number') {
    return openPrecision(options, { count: wanted, reason: 'configured' });
  }
  if (provider.name !== 'cpu') {
    return openPrecision(options, { count: 1, reason: 'the network does not run on the CPU' });
  }
  const { opened, threads } = await tuneThreads<OpenedBackend>({
    threadsMax: wanted.autoUpTo,
    open: (count, like) => {
      const some = { count, reason: '' };
      if (like === null) return openPrecision(options, some);
      return openOne(options, some, like.selected.precision, like.selected.reason);
    },
    close: ({ backend }) => backend.close(),
    compare: (a, b) => compareSpeed(a.backend, b.backend, readClockUs),
  });
  return { ...opened, selected: { ...opened.selected, threads } };
}

/**
 * With `auto` both precisions run for a moment, and int8 is taken where it is clearly faster:
 * whether it is depends on the CPU's instructions (VNNI), on ONNX Runtime and on the number of
 * threads, so it is measured and not guessed.
 */
async function openPrecision(
  options: OpenOnProvider,
  threads: SelectedThreads,
): Promise<OpenedBackend> {
  const { manifest, precision } = options;
  if (precision !== 'auto') return openOne(options, threads, precision, 'configured');
  if (manifest.precision === 'int8' || findModelFile(manifest, 'int8') === null) {
    return openOne(options, threads, manifest.precision, 'the model comes in no other');
  }
  const fp32 = await openOne(options, threads, 'fp32', '');
  try {
    const int8 = await openOne(options, threads, 'int8', '');
    return await chooseFaster(fp32, int8, options.readClockUs);
  } catch (error) {
    await fp32.backend.close();
    throw error;
  }
}

async function openOne(
  options: OpenOnProvider,
  threads: SelectedThreads,
  precision: Precision,
  reason: string,
): Promise<OpenedBackend> {
  const { modelDirectory, manifest, provider } = options;
  const warmUpRuns = Math.min(WARM_UP_RUNS_MAX, options.warmUpRuns);
  const model = await loadModel(modelDirectory, manifest, precision);
  const executionProvider = provider.name;
  const intraOpThreads = threads.count;
  const backend = await createOrtBackend({ model, executionProvider, intraOpThreads, warmUpRuns });
  const selected = { precision, reason, executionProvider: provider, threads };
  return { backend, manifest, selected, sha256: model.sha256 };
}

async function chooseFaster(
  fp32: OpenedBackend,
  int8: OpenedBackend,
  readClockUs: () => number,
): Promise<OpenedBackend> {
  const { aMs, bMs } = await compareSpeed(fp32.backend, int8.backend, readClockUs);
  const [chosen, other] = aMs >= GAIN_MIN * bMs ? [int8, fp32] : [fp32, int8];
  await other.backend.close();
  const reason =
    `measured: int8 takes ${bMs.toFixed(2)} ms, fp32 ${aMs.toFixed(2)} ms; ` +
    `int8 is taken from ${GAIN_MIN} times as fast`;
  return { ...chosen, selected: { ...chosen.selected, reason } };
}
