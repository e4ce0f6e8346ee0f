import type { ErrorCode } from '../../../domain/errors.js';
import type { Frame } from '../../../domain/frame.js';
import type { FrameRecord, LoadFigures } from '../load-figures.js';
import type { LoadPlan } from '../load-plan.js';

/** What the generator itself finds; the driver adds what only it can see of the target. */
export type GeneratorFigures = Omit<
  LoadFigures,
  | 'targetCpuSecondsPerFrame'
  | 'targetMemoryBytesMax'
  | 'targetEventLoopDelayMs'
  | 'stolenSeconds'
  | 'throttledSeconds'
  | 'invalidBecause'
>;

/** Driver → generator, once; the channel's end stops the generator. */
export interface StartGenerator {
  readonly kind: 'start';
  readonly url: string;
  readonly plan: LoadPlan;
  /** The clip where the driver made it; null = the generator reads it from its file. */
  readonly frames: readonly Frame[] | null;
}

/** Generator → driver. `measuring` and `measured` enclose the frames that count. */
export type GeneratorReply =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured' }
  | {
      readonly kind: 'done';
      readonly figures: GeneratorFigures;
      readonly records: readonly FrameRecord[];
    }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
