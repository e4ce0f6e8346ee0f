import type { EngineJourney, FrameJourney } from '../domain/frame-journey.js';

/** A complete event ("X") of the Chrome trace format; times in µs. */
export interface TraceSpan {
  readonly name: string;
  readonly ph: 'X';
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** All events belong to one "process" of the trace: the service, with a lane as its "thread". */
export const TRACE_PID = 1;

/** When a journey begins in its trace: when it was due, or received where that is not known. */
export function traceStartUs({ dueAtUs, receivedAtUs }: FrameJourney): number {
  return Math.min(dueAtUs ?? receivedAtUs, receivedAtUs);
}

/**
 * A frame's spans, outer ones first. Each lies within the one it belongs to, and neighbours meet:
 * the parts of `receive to publish` add up to it, the stages and the queue to `engine`.
 *
 * @param tid - the lane; spans of other frames on it must not overlap
 */
export function traceSpans(journey: FrameJourney, tid: number): readonly TraceSpan[] {
  const { stream, epoch, frameId, verdict, receivedAtUs, endedAtUs } = journey;
  const spans: TraceSpan[] = [];
  const add = (name: string, fromUs: number, toUs: number, args: TraceSpan['args'] = {}) => {
    const dur = Math.max(0, toUs - fromUs);
    spans.push({ name, ph: 'X', ts: fromUs, dur, pid: TRACE_PID, tid, args });
  };
  const startUs = traceStartUs(journey);
  add(`frame ${frameId}`, startUs, endedAtUs, { stream, epoch, frameId, verdict });
  if (startUs < receivedAtUs) add('cart and network', startUs, receivedAtUs);
  add('receive to publish', receivedAtUs, endedAtUs);
  add('offer', receivedAtUs, journey.offeredAtUs);
  if (journey.engine === null) {
    const isWaiting = verdict === 'superseded' || verdict === 'expired';
    add(isWaiting ? 'wait' : 'no answer', journey.offeredAtUs, endedAtUs);
    return spans;
  }
  const { sentAtUs, receivedAtUs: engineAtUs, doneAtUs, heardAtUs } = journey.engine;
  add('wait', journey.offeredAtUs, sentAtUs);
  add('hop out', sentAtUs, engineAtUs);
  add('engine', engineAtUs, doneAtUs);
  addStages(journey.engine, add);
  add('hop back', doneAtUs, heardAtUs);
  add('publish', heardAtUs, endedAtUs);
  return spans;
}

/** Stages follow one another and the last one ends with the engine's answer. */
function addStages(
  { receivedAtUs, doneAtUs, stageMs }: EngineJourney,
  add: (name: string, fromUs: number, toUs: number) => void,
): void {
  if (stageMs === null) return;
  const stages = Object.entries(stageMs).map(([name, ms]) => [name, ms * 1000] as const);
  const inStagesUs = stages.reduce((sum, [, us]) => sum + us, 0);
  let fromUs = Math.max(receivedAtUs, doneAtUs - inStagesUs);
  add('queue', receivedAtUs, fromUs);
  for (const [name, us] of stages) {
    const toUs = Math.min(doneAtUs, fromUs + us);
    add(name, fromUs, toUs);
    fromUs = toUs;
  }
}
