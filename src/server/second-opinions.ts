import {
  initialStatus,
  type SecondOpinionChoice,
  type SecondOpinionReport,
  type SecondOpinionStatus,
  statusAfter,
} from '../domain/second-opinion.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** What the service makes of its engines' second opinions. */
export interface SecondOpinions {
  status(): SecondOpinionStatus;
  hear(report: SecondOpinionReport): void;
}

/** Counts them, keeps what `/version` tells, and warns of drift and of a second opinion's end. */
export function createSecondOpinions(
  wanted: SecondOpinionChoice,
  metrics: Pick<Metrics, 'onSecondOpinion'>,
  log: Pick<Logger, 'info' | 'warn'>,
): SecondOpinions {
  let status = initialStatus(wanted);
  return {
    status: () => status,
    hear(report) {
      status = statusAfter(status, report);
      metrics.onSecondOpinion(report);
      const isDrifting = report.kind === 'compared' && !report.drift.isWithinTolerance;
      if (report.kind === 'ready') log.info(report, 'second opinion');
      else if (report.kind === 'unavailable' || isDrifting) log.warn(report, 'second opinion');
    },
  };
}
