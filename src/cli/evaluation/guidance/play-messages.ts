import type { ErrorCode, ErrorDetails } from '../../../domain/errors.js';
import type { Precision, PrecisionChoice } from '../../../domain/model-manifest.js';
import type { ModelIdentity } from '../../../domain/overlay.js';
import type { Detector, PlayedProcedure } from './played-procedure.js';

/** What the suite and a process that plays procedures say to each other. */

/** Suite → player: `open` once, then one `play` after another, each after the last one's end. */
export type PlayOrder =
  | {
      readonly kind: 'open';
      /** null = the shipped model. */
      readonly modelDirectory: string | null;
      readonly precision: PrecisionChoice;
      readonly detectors: readonly Detector[];
      /** Of each procedure; null = all. */
      readonly frames: number | null;
    }
  | { readonly kind: 'play'; readonly seed: number };

/** What plays: the same in every process. */
export interface PlayedModel {
  readonly model: ModelIdentity;
  readonly selected: { readonly precision: Precision; readonly reason: string };
}

/** Player → suite. */
export type PlayReport =
  | ({ readonly kind: 'ready' } & PlayedModel)
  /** Further frames of the procedure at hand. */
  | { readonly kind: 'frames'; readonly frames: number }
  | { readonly kind: 'played'; readonly procedures: readonly PlayedProcedure[] }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    };
