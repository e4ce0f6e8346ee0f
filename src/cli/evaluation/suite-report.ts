import type { EvaluationResult } from './evaluate.js';
import type { PrecisionParity } from './precision-parity.js';
import type { RobustnessReport } from './robustness/robustness.js';
import type { SpeedRatio } from './speed-ratio.js';

/** What `eval` says about one suite: figures, or why there are none. */
export type SuiteReport =
  | {
      readonly suite: string;
      readonly description: string;
      /** Made by a generator; figures of such suites never share a table with real ones. */
      readonly isSimulated: boolean;
      readonly results: readonly EvaluationResult[];
      /** Of the robustness suite only. */
      readonly robustness?: RobustnessReport;
      /** Of the int8 suite only. */
      readonly parity?: PrecisionParity;
      /** Of the speed suite only. */
      readonly speed?: SpeedRatio;
    }
  | {
      readonly suite: string;
      readonly description: string;
      readonly isSimulated: boolean;
      readonly skipped: string;
    };

/** The figures of a suite in a mode, of all frames or of one stratum; null where there are none. */
export function figuresOf(
  reports: readonly SuiteReport[],
  suite: string,
  mode: EvaluationResult['mode'],
  stratum: string | null = null,
): EvaluationResult['headline'] | null {
  const result = resultOf(reports, suite, mode);
  if (result === null) return null;
  return stratum === null ? result.headline : (result.strata[stratum] ?? null);
}

/** A suite's result in a mode; null where there is none. */
export function resultOf(
  reports: readonly SuiteReport[],
  suite: string,
  mode: EvaluationResult['mode'],
): EvaluationResult | null {
  const report = reports.find((known) => known.suite === suite);
  if (report === undefined || 'skipped' in report) return null;
  return report.results.find((known) => known.mode === mode) ?? null;
}
