import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { Count, orNull, Point, strict } from './overlay-parts.js';
import { AdvisoryKindName, InjectionStepName, SideName } from './procedure-commands.js';
import { ProcedureProtocol, TechniqueName } from './procedure-protocol.js';
import { acceptingUnknownFields } from './tolerant-schema.js';

/**
 * What became of a procedure's commands: one event each, told to every display and written into the
 * recording. The events in their order are the whole procedure.
 */
const seenIn = { epoch: Count, frameId: Count, trackEpoch: Count };
const envelope = {
  /** Service clock, µs. */
  atUs: Count,
  /** The operator's display by its name; `service` where the service ended the procedure. */
  by: Type.String(),
};

function event<Name extends string, Fields extends Type.TProperties>(kind: Name, fields: Fields) {
  return Type.Object({ kind: Type.Literal(kind), ...envelope, ...fields }, strict);
}

/** See `domain/target.ts`. */
const Target = Type.Object(
  {
    anchor: Type.Union([
      Type.Object({ kind: Type.Literal('point'), point: Point }, strict),
      Type.Object({ kind: Type.Literal('structure'), structureId: Count, offset: Point }, strict),
    ]),
    toleranceMm: Type.Number({ exclusiveMinimum: 0 }),
    confirmation: Count,
    trackEpoch: Count,
  },
  strict,
);
const VolumeMl = orNull(Type.Number({ minimum: 0 }));
/** Of the newest frame when the command counted; null before the first frame. */
const CaptureTimeUs = orNull(Count);

export const ProcedureEvent = Type.Union([
  event('started', {
    procedure: Type.String(),
    stream: Type.String(),
    /** Wall clock, ISO 8601. */
    startedAt: Type.String(),
    /** With the overrides for this patient in it. */
    protocol: ProcedureProtocol,
    side: orNull(SideName),
    technique: TechniqueName,
  }),
  event('side-confirmed', { side: SideName }),
  event('target-set', { target: Target, ...seenIn }),
  event('target-confirmed', { target: Target, ...seenIn }),
  event('target-cleared', {}),
  event('injection-started', {
    /** 1, 2, … within the procedure. */
    injection: Count,
    step: InjectionStepName,
    volumeMl: VolumeMl,
    captureTimeUs: CaptureTimeUs,
  }),
  event('injection-stopped', {
    injection: Count,
    volumeMl: VolumeMl,
    captureTimeUs: CaptureTimeUs,
  }),
  event('entry-marked', { point: Point, ...seenIn }),
  event('advisory-acknowledged', { advisory: AdvisoryKindName, captureTimeUs: CaptureTimeUs }),
  event('frozen', { isFrozen: Type.Boolean() }),
  event('noted', { text: Type.String() }),
  event('ended', { reason: orNull(Type.String()) }),
]);
export type ProcedureEvent = Static<typeof ProcedureEvent>;

/**
 * An event as it was recorded.
 *
 * @returns null when it is none
 */
export function readProcedureEvent(value: unknown): ProcedureEvent | null {
  const isEvent: boolean = Value.Check(acceptingUnknownFields(ProcedureEvent), value);
  return isEvent ? (value as ProcedureEvent) : null;
}

const Injection = Type.Object(
  {
    injection: Count,
    step: InjectionStepName,
    plannedMl: VolumeMl,
    /** null while it goes on. */
    givenMl: VolumeMl,
    startedAtUs: Count,
    endedAtUs: orNull(Count),
  },
  strict,
);

/** A procedure as displays see it. */
export const ProcedureState = Type.Object(
  {
    procedure: Type.String(),
    protocol: ProcedureProtocol,
    side: orNull(SideName),
    technique: TechniqueName,
    target: orNull(Target),
    entry: orNull(Point),
    injections: Type.Array(Injection),
    isFrozen: Type.Boolean(),
    startedAtUs: Count,
    endedAtUs: orNull(Count),
  },
  strict,
);
export type ProcedureState = Static<typeof ProcedureState>;

/**
 * Told to every display when something happened (`event`, with the command's id for the display
 * that sent it), and to a display that comes in the middle (`event` null).
 */
export const ProcedureMessage = Type.Object(
  {
    type: Type.Literal('procedure'),
    /** null: none has been started. */
    state: orNull(ProcedureState),
    event: orNull(ProcedureEvent),
    commandId: orNull(Type.String()),
  },
  strict,
);
export type ProcedureMessage = Static<typeof ProcedureMessage>;

/** A command that was refused; told to its sender only. Nothing has changed. */
export const CommandRefused = Type.Object(
  {
    type: Type.Literal('command-refused'),
    commandId: Type.String(),
    code: Type.String(),
    message: Type.String(),
  },
  strict,
);
export type CommandRefused = Static<typeof CommandRefused>;
