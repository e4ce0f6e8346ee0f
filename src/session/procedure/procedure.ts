import type { PointPx } from '../../domain/geometry.js';
import type { Technique } from '../../domain/guidance-plan.js';
import type { InjectionStep, Side } from '../../domain/procedure.js';
import type { PlannedTarget } from '../../domain/target.js';
import type { ProcedureEvent, ProcedureState } from '../../protocol/procedure-messages.js';
import type { ProcedureProtocol } from '../../protocol/procedure-protocol.js';

/** One thing that went through the needle. */
export interface Injection {
  /** 1, 2, … within the procedure. */
  readonly injection: number;
  readonly step: InjectionStep;
  /** null where the operator did not say. */
  readonly plannedMl: number | null;
  /** null while it goes on. */
  readonly givenMl: number | null;
  /** Service clock, µs. */
  readonly startedAtUs: number;
  readonly endedAtUs: number | null;
  /** Cart clock, µs; null before the first frame. */
  readonly startedCaptureUs: number | null;
  readonly endedCaptureUs: number | null;
}

/** A procedure from its start to its end: what its events add up to. */
export interface Procedure {
  readonly id: string;
  readonly stream: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  /** Service clock, µs. */
  readonly startedAtUs: number;
  /** null while it runs. */
  readonly endedAtUs: number | null;
  /** Why the service ended it; null when the operator did. */
  readonly endReason: string | null;
  /** With the overrides for this patient in it. */
  readonly protocol: ProcedureProtocol;
  /** null until it is confirmed; then it never changes. */
  readonly side: Side | null;
  readonly technique: Technique;
  readonly target: PlannedTarget | null;
  /** How often a target was set or confirmed; also over targets. */
  readonly confirmations: number;
  readonly entry: PointPx | null;
  readonly injections: readonly Injection[];
  readonly notes: readonly { readonly atUs: number; readonly text: string }[];
  readonly isFrozen: boolean;
  /** Everything that happened, in its order. */
  readonly events: readonly ProcedureEvent[];
}

/** Whether a procedure is under way. */
export function isRunning(procedure: Procedure | null): procedure is Procedure {
  return procedure !== null && procedure.endedAtUs === null;
}

/** The injection that goes on; null when none does. */
export function openInjection(procedure: Procedure): Injection | null {
  return procedure.injections.find(({ endedAtUs }) => endedAtUs === null) ?? null;
}

/**
 * The procedure after an event. Total: it never refuses, `decide` has done that; what an event has
 * no meaning for (an acknowledgement without a procedure) changes nothing.
 */
export function evolve(procedure: Procedure | null, event: ProcedureEvent): Procedure | null {
  if (event.kind === 'started') return started(event);
  if (procedure === null) return null;
  return { ...procedure, ...changeOf(procedure, event), events: [...procedure.events, event] };
}

function started(event: Extract<ProcedureEvent, { kind: 'started' }>): Procedure {
  const { procedure, stream, startedAt, atUs, protocol, side, technique } = event;
  return {
    id: procedure,
    stream,
    startedAt,
    startedAtUs: atUs,
    endedAtUs: null,
    endReason: null,
    protocol,
    side,
    technique,
    target: null,
    confirmations: 0,
    entry: null,
    injections: [],
    notes: [],
    isFrozen: false,
    events: [event],
  };
}

function changeOf(
  procedure: Procedure,
  event: Exclude<ProcedureEvent, { kind: 'started' }>,
): Partial<Procedure> {
  switch (event.kind) {
    case 'side-confirmed':
      return { side: event.side };
    case 'target-set':
    case 'target-confirmed':
      return { target: event.target, confirmations: event.target.confirmation };
    case 'target-cleared':
      return { target: null };
    case 'injection-started':
      return { injections: [...procedure.injections, injectionOf(event)] };
    case 'injection-stopped':
      return { injections: procedure.injections.map((one) => stopped(one, event)) };
    case 'entry-marked':
      return { entry: event.point };
    case 'frozen':
      return { isFrozen: event.isFrozen };
    case 'noted':
      return { notes: [...procedure.notes, { atUs: event.atUs, text: event.text }] };
    case 'ended':
      return { endedAtUs: event.atUs, endReason: event.reason, isFrozen: false };
    case 'advisory-acknowledged':
      return {};
  }
}

function injectionOf(event: Extract<ProcedureEvent, { kind: 'injection-started' }>): Injection {
  const { injection, step, volumeMl, atUs, captureTimeUs } = event;
  return {
    injection,
    step,
    plannedMl: volumeMl,
    givenMl: null,
    startedAtUs: atUs,
    endedAtUs: null,
    startedCaptureUs: captureTimeUs,
    endedCaptureUs: null,
  };
}

function stopped(
  one: Injection,
  event: Extract<ProcedureEvent, { kind: 'injection-stopped' }>,
): Injection {
  if (one.injection !== event.injection) return one;
  const { volumeMl, atUs, captureTimeUs } = event;
  return { ...one, givenMl: volumeMl, endedAtUs: atUs, endedCaptureUs: captureTimeUs };
}

/** The procedure as displays get it. */
export function stateOf(procedure: Procedure): ProcedureState {
  const { id, protocol, side, technique, entry, isFrozen, startedAtUs, endedAtUs } = procedure;
  return {
    procedure: id,
    protocol,
    side,
    technique,
    target: procedure.target,
    entry,
    injections: procedure.injections.map((one) => ({
      injection: one.injection,
      step: one.step,
      plannedMl: one.plannedMl,
      givenMl: one.givenMl,
      startedAtUs: one.startedAtUs,
      endedAtUs: one.endedAtUs,
    })),
    isFrozen,
    startedAtUs,
    endedAtUs,
  };
}
