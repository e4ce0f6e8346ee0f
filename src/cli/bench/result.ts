import type { LoadFigures } from './load-figures.js';

/** The suites of `npm run bench`, in the order they run. */
export const SUITES = [
  'kernels',
  'pipeline',
  'end-to-end',
  'streams',
  'displays',
  'overload',
  'peers',
  'start',
  'soak',
  'cost',
] as const;
export type SuiteName = (typeof SUITES)[number];

/**
 * How much is measured: `smoke` proves in seconds that a suite works, `quick` gives indicative
 * figures, `full` those that may be quoted. `clip` is `echoline bench CLIP`.
 */
export type BenchMode = 'smoke' | 'quick' | 'full' | 'clip';

/** The machine and how busy it was. */
export interface MachineState {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** One-minute load average before the first and after the last measurement; null on Windows. */
  readonly loadBefore: number | null;
  readonly loadAfter: number | null;
}

/** One load on one target under stated conditions. */
export interface Measurement {
  readonly target: string;
  /** What was varied, e.g. `{ format: 'jpeg', widthPx: 640, streams: 4 }`. */
  readonly conditions: Readonly<Record<string, string | number>>;
  /** From 0. Targets of one comparison take turns: A B A B. */
  readonly repetition: number;
  readonly figures: LoadFigures;
}

/** A number that is no latency of frames, e.g. a kernel's ratio or a fitted exponent. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `µs`, `ratio`, `bytes`, `exponent`, `streams`, `s`. */
  readonly unit: string;
}

/** What one suite found. */
export interface SuiteResult {
  readonly suite: SuiteName | 'clip';
  readonly measurements: readonly Measurement[];
  readonly figures: readonly Figure[];
  /** SHA-256 of what the results mean (tips, contours, or the kernels' outputs). */
  readonly meaning: string;
  readonly seconds: number;
  /** Why this suite, or a part of it, must not be quoted; empty = it may. */
  readonly invalidBecause: readonly string[];
}

/** One row of the table of figures to reach. */
export interface TableRow {
  readonly what: string;
  /** As the table says them, e.g. `+ 1.5 ms p50, + 5 ms p99`. */
  readonly reach: string;
  readonly stretch: string;
  /** What was measured, in the same words; `not available: …` where it could not be. */
  readonly figure: string;
  readonly met: 'stretch' | 'reach' | 'missed' | 'not available';
}

/** One file of `bench/results/`. */
export interface BenchResult {
  readonly schema: 1;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly mode: BenchMode;
  readonly machine: MachineState;
  /** null outside of a git checkout. */
  readonly commit: { readonly sha: string; readonly isDirty: boolean } | null;
  /** Package → version, and `node`. */
  readonly versions: Readonly<Record<string, string>>;
  /** null when a remote service does not say. */
  readonly model: {
    readonly id: string;
    readonly sha256: string;
    readonly precision: string;
  } | null;
  /** Which kernels ran, and why. */
  readonly kernels: { readonly origin: string; readonly reason: string } | null;
  readonly suites: readonly SuiteResult[];
  /** Empty unless all suites of the table ran. */
  readonly rows: readonly TableRow[];
  /** SHA-256 over the suites' meanings: equal hashes = the same was computed. */
  readonly meaning: string;
  /** All reasons why figures in here must not be quoted. */
  readonly invalidBecause: readonly string[];
}
