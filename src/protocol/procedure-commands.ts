import Type, { type Static } from 'typebox';
import { ADVISORY_KINDS } from '../domain/advisory.js';
import { INJECTION_STEPS, SIDES } from '../domain/procedure.js';
import { Count, orNull, Point, strict } from './overlay-parts.js';
import {
  StructureClassName,
  StructureRuleName,
  TechniqueName,
  WarningMm,
} from './procedure-protocol.js';

/**
 * What an operator's display may say about a procedure. Each command is a message type of its own,
 * so that a wrong field is named by itself. Every one carries `commandId`, which its refusal
 * repeats, and may say when it was meant (`atUs`, service clock; else when it came in counts).
 */
const Mm = Type.Number({ minimum: 0, maximum: 300 });
const VolumeMl = Type.Number({ minimum: 0, maximum: 500 });
const envelope = {
  commandId: Type.String({ minLength: 1, maxLength: 64 }),
  atUs: Type.Optional(Count),
};
/** The overlay that the operator was looking at. */
const seenIn = { epoch: Count, frameId: Count, trackEpoch: Count };

function command<Name extends string, Fields extends Type.TProperties>(name: Name, fields: Fields) {
  return Type.Object({ type: Type.Literal(name), ...envelope, ...fields }, strict);
}

export const SideName = Type.Enum([...SIDES]);
export const InjectionStepName = Type.Enum([...INJECTION_STEPS]);
export const AdvisoryKindName = Type.Enum([...ADVISORY_KINDS]);

/** What differs from the protocol for this patient. What is not named stays. */
export const ProtocolOverrides = Type.Object(
  {
    targetName: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    targetToleranceMm: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 50 })),
    expectedDepthMm: Type.Optional(Type.Object({ from: Mm, to: Mm }, strict)),
    warning: Type.Optional(WarningMm),
    /** null = "spread not seen" is never said. */
    notSeenAfterMs: Type.Optional(orNull(Type.Number({ minimum: 500, maximum: 60_000 }))),
    structures: Type.Optional(
      Type.Array(
        Type.Object(
          {
            class: StructureClassName,
            rule: Type.Optional(StructureRuleName),
            keepOffMm: Type.Optional(orNull(Mm)),
            mustSee: Type.Optional(Type.Boolean()),
            warning: Type.Optional(orNull(WarningMm)),
          },
          strict,
        ),
        { maxItems: 16 },
      ),
    ),
  },
  strict,
);
export type ProtocolOverrides = Static<typeof ProtocolOverrides>;

/** Where a target is set: a place in the tissue, or a structure that is seen (its centre). */
const TargetPlace = Type.Union([
  Type.Object({ kind: Type.Literal('point'), point: Point }, strict),
  Type.Object({ kind: Type.Literal('structure'), structureId: Count }, strict),
]);

/** Messages by type. */
export const PROCEDURE_COMMANDS = {
  'start-procedure': command('start-procedure', {
    protocol: Type.String({ minLength: 1, maxLength: 64 }),
    /** null = not confirmed yet: guidance is degraded until it is. */
    side: orNull(SideName),
    /** Default: the protocol's. */
    technique: Type.Optional(TechniqueName),
    overrides: Type.Optional(ProtocolOverrides),
  }),
  'confirm-side': command('confirm-side', { side: SideName }),
  'set-target': command('set-target', { place: TargetPlace, ...seenIn }),
  /** Confirms the target anew after it moved; `point` says where it is now. */
  'confirm-target': command('confirm-target', { point: Type.Optional(Point), ...seenIn }),
  'clear-target': command('clear-target', {}),
  'start-injection': command('start-injection', {
    step: InjectionStepName,
    /** What is meant to go in. */
    volumeMl: Type.Optional(VolumeMl),
  }),
  /** `volumeMl`: what went in, or was drawn back. */
  'stop-injection': command('stop-injection', { volumeMl: VolumeMl }),
  'mark-entry': command('mark-entry', { point: Point, ...seenIn }),
  'acknowledge-advisory': command('acknowledge-advisory', { advisory: AdvisoryKindName }),
  freeze: command('freeze', { isFrozen: Type.Boolean() }),
  /** Never patient data. */
  note: command('note', { text: Type.String({ minLength: 1, maxLength: 500 }) }),
  'end-procedure': command('end-procedure', {}),
} as const;

export type ProcedureCommand = {
  [Name in keyof typeof PROCEDURE_COMMANDS]: Static<(typeof PROCEDURE_COMMANDS)[Name]>;
}[keyof typeof PROCEDURE_COMMANDS];

/** Whether a message of a display is a command. */
export function isProcedureCommand(message: {
  readonly type: string;
}): message is ProcedureCommand {
  return Object.hasOwn(PROCEDURE_COMMANDS, message.type);
}
