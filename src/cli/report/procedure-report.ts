import { readClipInfo } from '../../clips/echoline-recording.js';
import type { ModelIdentity } from '../../domain/overlay.js';
import { NOTICE } from '../../protocol/version.js';
import { type MotionMetrics, motionMetrics } from '../../session/procedure/motion-metrics.js';
import type { Procedure } from '../../session/procedure/procedure.js';
import {
  type ProcedureSummary,
  procedureSummary,
} from '../../session/procedure/procedure-summary.js';
import { recordedOverlays } from './recorded-overlays.js';
import { recordedProcedures } from './recorded-procedures.js';
import { REPORT_LIMITS } from './report-limits.js';
import {
  createSectionRecorder,
  type SectionRecord,
  type SectionRecorder,
} from './section-record.js';

/** What `echoline report --json` prints. */
export interface ReportSummary {
  readonly recording: {
    readonly name: string;
    readonly isSimulated: boolean;
    /** Wall clock, ISO 8601; null when the clip was not recorded live. */
    readonly startedAt: string | null;
    readonly overlays: number;
    readonly framesLeftOut: number;
  };
  readonly model: ModelIdentity | null;
  readonly procedures: readonly ProcedureSummary[];
  /** Of the whole recording, where no procedure was started in it; else null. */
  readonly metrics: MotionMetrics | null;
  readonly limits: readonly string[];
  /** That this is not a medical device. */
  readonly notice: string;
}

/** One procedure of a report; `procedure` null: the whole recording, without one. */
export interface ReportSection {
  readonly procedure: Procedure | null;
  readonly summary: ProcedureSummary | null;
  readonly metrics: MotionMetrics;
  readonly record: SectionRecord;
}

export interface ProcedureReport {
  readonly summary: ReportSummary;
  readonly sections: readonly ReportSection[];
}

interface Part {
  readonly procedure: Procedure | null;
  readonly recorder: SectionRecorder;
}

/**
 * Reads a recording and adds up what happened in it, with the same figures as the live service.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA, ECHOLINE_CLIP_EMPTY
 */
export async function readProcedureReport(directory: string): Promise<ProcedureReport> {
  const info = await readClipInfo(directory);
  const { procedures, framesLeftOut } = await recordedProcedures(directory);
  const parts: readonly Part[] = (procedures.length > 0 ? procedures : [null]).map((procedure) => ({
    procedure,
    recorder: createSectionRecorder(procedure?.events ?? []),
  }));
  let overlays = 0;
  for await (const overlay of recordedOverlays(directory)) {
    overlays += 1;
    const atUs = overlay.clock.receivedAtUs;
    for (const { procedure, recorder } of parts) if (isIn(procedure, atUs)) recorder.add(overlay);
  }
  const sections = parts.map((part) => sectionOf(part, info.isSimulated));
  const [first] = sections;
  const summary: ReportSummary = {
    recording: {
      name: info.name,
      isSimulated: info.isSimulated,
      startedAt: info.startedAt,
      overlays,
      framesLeftOut,
    },
    model: first?.record.model ?? null,
    procedures: sections.flatMap((section) => (section.summary === null ? [] : [section.summary])),
    metrics: procedures.length > 0 ? null : (first?.metrics ?? null),
    limits: REPORT_LIMITS,
    notice: NOTICE,
  };
  return { summary, sections };
}

function isIn(procedure: Procedure | null, atUs: number): boolean {
  if (procedure === null) return true;
  const { startedAtUs, endedAtUs } = procedure;
  return atUs >= startedAtUs && atUs <= (endedAtUs ?? Number.POSITIVE_INFINITY);
}

function sectionOf({ procedure, recorder }: Part, isSimulated: boolean): ReportSection {
  const record = recorder.record();
  const { motion, model, lastAtUs } = record;
  const metrics = motionMetrics(motion, procedure?.technique ?? 'in-plane');
  if (procedure === null) return { procedure, summary: null, metrics, record };
  const nowUs = Math.max(procedure.startedAtUs, lastAtUs ?? 0);
  const summary = procedureSummary(procedure, motion, { nowUs, model, isSimulated });
  return { procedure, summary, metrics, record };
}
