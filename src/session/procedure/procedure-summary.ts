import type { ModelIdentity } from '../../domain/overlay.js';
import { NOTICE } from '../../protocol/version.js';
import { type MotionMetrics, type MotionRecord, motionMetrics } from './motion-metrics.js';
import type { Procedure } from './procedure.js';

/** A procedure as `GET /v1/procedures/:id` and `echoline report --json` tell it. */
export interface ProcedureSummary
  extends Omit<Procedure, 'events' | 'confirmations' | 'isFrozen' | 'target'> {
  readonly durationMs: number;
  /** Whether one was set when it ended, and what kind of thing it hung on. */
  readonly target: 'point' | 'structure' | null;
  readonly metrics: MotionMetrics;
  /** null where none has looked at a frame. */
  readonly model: ModelIdentity | null;
  readonly isSimulated: boolean;
  /** That this is not a medical device. */
  readonly notice: string;
}

/** What a summary needs beyond the procedure and its motion. */
export interface SummaryFacts {
  /** Service clock, µs: how long a running one has lasted so far. */
  readonly nowUs: number;
  readonly model: ModelIdentity | null;
  readonly isSimulated: boolean;
}

/** The procedure with its figures. */
export function procedureSummary(
  procedure: Procedure,
  motion: MotionRecord,
  { nowUs, model, isSimulated }: SummaryFacts,
): ProcedureSummary {
  const { events: _events, confirmations: _count, isFrozen: _frozen, ...kept } = procedure;
  const untilUs = procedure.endedAtUs ?? nowUs;
  return {
    ...kept,
    target: procedure.target?.anchor.kind ?? null,
    durationMs: Math.round((untilUs - procedure.startedAtUs) / 1000),
    metrics: motionMetrics(motion, procedure.technique),
    model,
    isSimulated,
    notice: NOTICE,
  };
}
