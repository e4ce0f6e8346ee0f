import type { ModelManifest, Precision, PrecisionChoice } from '../../domain/model-manifest.js';
import { compareSpeed } from './compare-speed.js';
import type { InferenceBackend } from './inference-backend.js';
import { findModelFile, loadManifest, loadModel } from './load-model.js';
import { createOrtBackend } from './ort-backend.js';

/** What to open. */
export interface OpenBackendOptions {
  /** Folder with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  readonly precision: PrecisionChoice;
  readonly intraOpThreads: number;
  readonly warmUpRuns: number;
  /** A monotonic clock, µs; to compare precisions. */
  readonly readClockUs: () => number;
}

/** Which of a model's files runs, and why this one. Reported, never silent. */
export interface SelectedPrecision {
  readonly precision: Precision;
  readonly reason: string;
}

/** A network that is ready. */
export interface OpenedBackend {
  readonly backend: InferenceBackend;
  readonly manifest: ModelManifest;
  readonly selected: SelectedPrecision;
  /** Lower-case hex SHA-256 of the file that runs. */
  readonly sha256: string;
}

/** int8 has to be this many times as fast as fp32: it is a little less exact. */
const GAIN_MIN = 1.15;

/**
 * Opens the network in the wanted precision. With `auto` both run for a moment, and int8 is taken
 * where it is clearly faster: whether it is depends on the CPU's instructions (VNNI), on ONNX
 * Runtime and on the number of threads, so it is measured and not guessed.
 *
 * @throws EcholineError ECHOLINE_MODEL_*
 */
export async function openBackend(options: OpenBackendOptions): Promise<OpenedBackend> {
  const manifest = await loadManifest(options.modelDirectory);
  if (options.precision !== 'auto') {
    return openOne(options, manifest, options.precision, 'configured');
  }
  if (manifest.precision === 'int8' || findModelFile(manifest, 'int8') === null) {
    return openOne(options, manifest, manifest.precision, 'the model comes in no other');
  }
  const fp32 = await openOne(options, manifest, 'fp32', '');
  try {
    const int8 = await openOne(options, manifest, 'int8', '');
    return await chooseFaster(fp32, int8, options.readClockUs);
  } catch (error) {
    await fp32.backend.close();
    throw error;
  }
}

async function openOne(
  options: OpenBackendOptions,
  manifest: ModelManifest,
  precision: Precision,
  reason: string,
): Promise<OpenedBackend> {
  const { modelDirectory, intraOpThreads, warmUpRuns } = options;
  const model = await loadModel(modelDirectory, manifest, precision);
  const backend = await createOrtBackend({ model, intraOpThreads, warmUpRuns });
  return { backend, manifest, selected: { precision, reason }, sha256: model.sha256 };
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
  return { ...chosen, selected: { precision: chosen.selected.precision, reason } };
}
