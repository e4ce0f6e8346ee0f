import type { SecondOpinionReport, TfjsRuntimeName } from '../../domain/second-opinion.js';
import type { HeadSummary } from '../../pipeline/infer/drift.js';

/** One inference of the engine, to be judged: what went in, and what it said. */
export interface OpinionSample {
  /** uint8 [1, 3, height, width] */
  readonly input: Uint8Array;
  readonly summary: HeadSummary;
}

/** Engine → process of the second opinion; `start` comes first. */
export type OpinionRequest =
  | {
      readonly kind: 'start';
      readonly modelDirectory: string;
      readonly runtime: TfjsRuntimeName | 'auto';
    }
  | { readonly kind: 'sample'; readonly sample: OpinionSample };

/** Process of the second opinion → engine. It answers each sample once; never `skipped`. */
export type OpinionReply = SecondOpinionReport;
