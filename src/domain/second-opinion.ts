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

/** The second opinions of a service so far, of all its engines together. */
export interface SecondOpinionStatus {
  readonly wanted: SecondOpinionChoice;
  readonly state: 'off' | 'starting' | 'ready' | 'unavailable';
  /** What computes it; null until it is ready. */
  readonly by: string | null;
  /** Why it is unavailable; null where it is not. */
  readonly reason: string | null;
  readonly compared: number;
  readonly beyondTolerance: number;
  readonly skipped: number;
  /** null before the first comparison. */
  readonly last: Drift | null;
}

/** What is known before the first report. */
export function initialStatus(wanted: SecondOpinionChoice): SecondOpinionStatus {
  const state = wanted === 'off' ? 'off' : 'starting';
  const counts = { compared: 0, beyondTolerance: 0, skipped: 0 };
  return { wanted, state, by: null, reason: null, ...counts, last: null };
}

/** What is known after a further report. */
export function statusAfter(
  status: SecondOpinionStatus,
  report: SecondOpinionReport,
): SecondOpinionStatus {
  switch (report.kind) {
    case 'ready':
      return { ...status, state: 'ready', by: report.by, reason: null };
    case 'unavailable':
      return { ...status, state: 'unavailable', reason: report.message };
    case 'skipped':
      return { ...status, skipped: status.skipped + 1 };
    case 'compared': {
      const beyond = report.drift.isWithinTolerance ? 0 : 1;
      const beyondTolerance = status.beyondTolerance + beyond;
      return { ...status, compared: status.compared + 1, beyondTolerance, last: report.drift };
    }
  }
}
