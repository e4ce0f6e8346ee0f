import type { ProcedureScore } from './procedure-scorer.js';

/** Side of the square pictures, px, and their rate. */
export const GUIDANCE_SIDE_PX = 384;
export const GUIDANCE_FPS = 15;
/** Procedures of the whole suite: a little more than an hour (a test adds it up). */
export const GUIDANCE_PROCEDURES = 125;

/** What reads the frames: the network, or an oracle with the truth plus noise. */
export type Detector = 'network' | 'oracle';

/** A procedure with its course, as it was and as one detector counted it. */
export interface PlayedProcedure extends ProcedureScore {
  readonly detector: Detector;
  readonly seed: number;
  readonly truePasses: number;
  /** null where the service counted none. */
  readonly passes: number | null;
  readonly eventCount: number;
  readonly isComplete: boolean;
}
