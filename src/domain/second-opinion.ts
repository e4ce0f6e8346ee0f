import type { ErrorCode } from './errors.js';

/** Ways to run TensorFlow.js: on libtensorflow, or on WebAssembly. */
export type TfjsRuntimeName = 'tfjs-node' | 'tfjs-wasm';
/** What gives the second opinion; `auto` = tfjs-node where it is installed, else tfjs-wasm. */
export type SecondOpinionChoice = 'off' | 'auto' | TfjsRuntimeName;

/** How far two engines that ran the same network on the same input are apart. */
export interface Drift {
  /**
   * Distance of their hottest tip places, network input pixels; null where neither sees a tip that
   * is hot enough.
   */
  readonly tipShiftPx: number | null;
  /** Share of cells whose winning class differs, 0 to 1. */
  readonly labelsChanged: number;
  /** Whether both are within what the precisions explain. */
  readonly isWithinTolerance: boolean;
}

/** What is known about a second opinion, as it happens. */
export type SecondOpinionReport =
  /** `by` names what computes it. */
  | { readonly kind: 'ready'; readonly by: string }
  /** There will be no more of them until the engine is replaced. */
  | { readonly kind: 'unavailable'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'compared'; readonly drift: Drift; readonly tookMs: number }
  /** One was due while the one before was still being computed. */
  | { readonly kind: 'skipped' };
