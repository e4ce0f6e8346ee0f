import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PHANTOM_CLASSES } from '../../phantom/phantom-classes.js';
import { REAL_FRAME_SETS } from './real-frame-sets.js';
import { RECORD_SETS } from './record-group.js';
import { replaceFile, type ShardFile } from './shard-file-writer.js';
import { RECORD_BYTES, RECORD_FIELDS } from './shard-record.js';
import type { ShardMix, ShardWorkerOrder, ShardWorkerReport } from './shard-worker-messages.js';

/** Shares of the jobs; a real-frame job makes fewer records than a clip. */
export const TRAINING_MIX: ShardMix = {
  phantom: 0.41,
  composite: 0.33,
  real: 0.2,
  other: 0.06,
  heldout: 0,
};
/** For evaluation: the held-out phantom only. */
export const HELDOUT_MIX: ShardMix = { phantom: 0, composite: 0, real: 0, other: 0, heldout: 1 };

/** What to write and where. */
export interface TrainingShardOptions {
  /** Made when missing; files of the same names are replaced. */
  readonly directory: string;
  readonly records: number;
  readonly seed: number;
  /** The licensed real data (`../shared/data`); null = phantom only. */
  readonly dataDirectory: string | null;
  readonly mix?: ShardMix;
  /** Processes that render; default 2. */
  readonly workers?: number;
  readonly recordsPerFile?: number;
  readonly onProgress?: (progress: ShardProgress) => void;
  /** Ends the workers; the files that are complete by then stay. */
  readonly stop?: AbortSignal;
}

export interface ShardProgress {
  readonly recordsDone: number;
  readonly records: number;
}

/**
 * Writes a training set (`echoline-shards/1`): clips of the phantom, needles composited onto every
 * licensed real frame, the real frames themselves as negatives, and pictures without anatomy; all
 * of them through the pipeline's own preprocess stage. Deterministic in its options, except for the
 * order of the files in `shards.json`, which is rewritten as each file is completed so that
 * training may start on the first ones.
 */
export async function writeTrainingShards(options: TrainingShardOptions): Promise<void> {
  const { directory, records, seed, dataDirectory } = options;
  const workers = Math.max(1, Math.min(options.workers ?? 2, records));
  mkdirSync(directory, { recursive: true });
  const files: ShardFile[] = [];
  const done = new Array<number>(workers).fill(0);
  const report = (worker: number, message: ShardWorkerReport): void => {
    if (message.type === 'file') {
      files.push(message.file);
      writeIndex(directory, seed, dataDirectory !== null, files);
    } else if (message.type === 'progress') {
      done[worker] = message.records;
      const recordsDone = done.reduce((sum, count) => sum + count, 0);
      options.onProgress?.({ recordsDone, records });
    }
  };
  const orders = Array.from({ length: workers }, (_, worker): ShardWorkerOrder => {
    const share = Math.floor(records / workers) + (worker < records % workers ? 1 : 0);
    return {
      directory,
      records: share,
      seed,
      worker,
      workers,
      dataDirectory,
      mix: options.mix ?? TRAINING_MIX,
      recordsPerFile: options.recordsPerFile ?? 512,
    };
  });
  const stop = options.stop ?? new AbortController().signal;
  await Promise.all(orders.map((order) => runWorker(order, stop, (m) => report(order.worker, m))));
}

function runWorker(
  order: ShardWorkerOrder,
  stop: AbortSignal,
  onReport: (message: ShardWorkerReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./shard-worker.js', import.meta.url));
    const child: ChildProcess = fork(script, [], { serialization: 'advanced' });
    let isDone = false;
    const onStop = () => child.kill();
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    child.on('message', (message: ShardWorkerReport) => {
      if (message.type === 'done') isDone = true;
      onReport(message);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      stop.removeEventListener('abort', onStop);
      if (isDone || stop.aborted) resolve();
      else reject(new Error(`Shard worker ${order.worker} ended early (${signal ?? code}).`));
    });
    child.send(order);
  });
}

/** Licence and credit of every real set, for the model's provenance. */
function licences(): readonly { set: string; licence: string; attribution: string }[] {
  return REAL_FRAME_SETS.map(({ name, licence, attribution }) => ({
    set: name,
    licence,
    attribution,
  }));
}

function writeIndex(
  directory: string,
  seed: number,
  usesRealData: boolean,
  files: readonly ShardFile[],
): void {
  const sorted = [...files].sort((a, b) => (a.file < b.file ? -1 : 1));
  const index = {
    format: 'echoline-shards/1',
    seed,
    records: sorted.reduce((sum, file) => sum + file.records, 0),
    recordBytes: RECORD_BYTES,
    files: sorted,
    classes: PHANTOM_CLASSES,
    sets: RECORD_SETS,
    licences: usesRealData ? licences() : [],
    fields: RECORD_FIELDS,
  };
  replaceFile(join(directory, 'shards.json'), `${JSON.stringify(index, null, 1)}\n`);
}
