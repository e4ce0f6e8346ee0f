import type { ArchivedProcedure } from '../../session/procedure/procedure-archive.js';
import type { ProcedureReport, ReportSummary } from './procedure-report.js';
import { LIVE_REPORT_LIMITS } from './report-limits.js';
import { createSectionRecorder } from './section-record.js';

/**
 * The report of a procedure from what the service keeps of it in memory: figures, timeline of
 * advisories and injections, what was marked. Courses over time and pictures are in a recording
 * only, and the page says so.
 */
export function liveReport({ procedure, summary }: ArchivedProcedure): ProcedureReport {
  const { metrics, model, isSimulated, notice, durationMs } = summary;
  const lastAtUs = procedure.startedAtUs + durationMs * 1000;
  // Nothing was recorded: the record holds no more than what it would begin with.
  const record = { ...createSectionRecorder([]).record(), model, lastAtUs };
  const recording: ReportSummary['recording'] = {
    name: `${summary.stream}, not from a recording`,
    isSimulated,
    startedAt: procedure.startedAt,
    overlays: metrics.frames,
    framesLeftOut: 0,
  };
  return {
    summary: {
      recording,
      model,
      procedures: [summary],
      metrics: null,
      limits: LIVE_REPORT_LIMITS,
      notice,
    },
    sections: [{ procedure, summary, metrics, record }],
  };
}
