import type { ShardFile } from './shard-file-writer.js';

/** What a worker is to make. Workers take jobs in turn, so together they make each job once. */
export interface ShardWorkerOrder {
  readonly directory: string;
  readonly records: number;
  readonly seed: number;
  readonly worker: number;
  readonly workers: number;
  /** Folder of real data; null = none, and then no composites and no real frames. */
  readonly dataDirectory: string | null;
  /** Relative frequencies of the sources. */
  readonly mix: ShardMix;
  readonly recordsPerFile: number;
}

/** What a set is made of, as relative shares of the jobs. `heldout` is for evaluation only. */
export interface ShardMix {
  readonly phantom: number;
  readonly composite: number;
  readonly real: number;
  readonly other: number;
  readonly heldout: number;
}

/** From a worker to its parent. */
export type ShardWorkerReport =
  | { readonly type: 'progress'; readonly records: number }
  | { readonly type: 'file'; readonly file: ShardFile }
  | { readonly type: 'done' };
