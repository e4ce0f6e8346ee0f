import { cpus } from 'node:os';
import type { ModelIdentity } from '../../domain/overlay.js';
import { packageVersion } from '../package-root.js';
import type { BootstrapOptions } from './bootstrap.js';
import type { ReachRow } from './reach.js';
import type { SuiteReport } from './suite-report.js';

/** Under what conditions figures came about. */
export interface EvaluationConditions {
  readonly echoline: string;
  readonly startedAt: string;
  readonly durationS: number;
  readonly node: string;
  readonly machine: string;
  /** False when it was stopped: its figures are then about the frames until there. */
  readonly isComplete: boolean;
  /** In which precision the network ran, and why. */
  readonly precision: string;
  /** 0: no intervals. */
  readonly bootstrapDraws: number;
  readonly bootstrapSeed: number;
  /** Whether a data directory was given. */
  readonly hasRealData: boolean;
}

/** What `eval --json` prints, and what the page is made from. */
export interface EvaluationReport {
  readonly model: ModelIdentity;
  readonly conditions: EvaluationConditions;
  readonly suites: readonly SuiteReport[];
  readonly reach: readonly ReachRow[];
}

export const STOPPED_EARLY = 'STOPPED EARLY: the figures are about the frames until there.';
export const NOT_A_DEVICE = 'Not a medical device; synthetic accuracy is not clinical accuracy.';

/** The conditions of a run that started then and ends now. */
export function evaluationConditions(
  startedAt: Date,
  bootstrap: BootstrapOptions,
  run: Pick<EvaluationConditions, 'isComplete' | 'precision' | 'hasRealData'>,
): EvaluationConditions {
  const processors = cpus();
  return {
    echoline: packageVersion(),
    startedAt: startedAt.toISOString(),
    durationS: Math.round((Date.now() - startedAt.getTime()) / 1000),
    node: process.version,
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    bootstrapDraws: bootstrap.draws,
    bootstrapSeed: bootstrap.seed,
    ...run,
  };
}
