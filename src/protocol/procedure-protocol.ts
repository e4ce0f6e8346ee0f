import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { EcholineError } from '../domain/errors.js';
import { STRUCTURE_CLASSES } from '../domain/structure.js';
import { orNull, strict } from './overlay-parts.js';
import { explainMismatch } from './schema-mismatch.js';

/** The `source` of a value that nobody has argued for: the site decides. */
export const SITE_DEFAULT = 'default to be set by the site';

const Source = Type.String({ minLength: 1, maxLength: 300 });
const Words = Type.String({ minLength: 1, maxLength: 600 });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Mm = Type.Number({ minimum: 0, maximum: 300 });
const Gauge = Type.Integer({ minimum: 10, maximum: 34 });

/** A warning comes on at `enterMm` (lower bound of the clearance) and goes at `leaveMm`. */
export const WarningMm = Type.Object({ enterMm: Mm, leaveMm: Mm }, strict);

export const TechniqueName = Type.Enum(['in-plane', 'out-of-plane']);
export const StructureRuleName = Type.Enum([
  'none',
  'beside',
  'do-not-enter',
  'enter',
  'contact',
  'keep-off',
]);
export const StructureClassName = Type.Enum([...STRUCTURE_CLASSES]);

/** What the protocol says about one class: the network tells classes apart, not names. */
const ProtocolStructure = Type.Object(
  {
    class: StructureClassName,
    /** What of this class is meant, e.g. `median nerve`. */
    name: Name,
    rule: StructureRuleName,
    /** > 0 with `keep-off`, else null. */
    keepOffMm: orNull(Mm),
    /** While it is not tracked, no nearest distance is shown. */
    mustSee: Type.Boolean(),
    /** null = the protocol's own. */
    warning: orNull(WarningMm),
    source: Source,
  },
  strict,
);
export type ProtocolStructure = Static<typeof ProtocolStructure>;

/**
 * A protocol: what is done in one region of the body, how, and what must not be hit. One JSON file
 * each in `protocols/`; `protocols/schema.json` is this schema for editors. Every group of values
 * says where it comes from in `source`.
 */
export const ProcedureProtocol = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    /** Kebab-case; the name of its file. */
    id: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64 }),
    title: Name,
    region: Name,
    /** How the patient lies and where the probe goes, for the card on the display. */
    positioning: Type.Object(
      {
        patient: Words,
        probe: Words,
        probeGeometry: Type.Enum(['linear', 'curvilinear', 'phased', 'unknown']),
        source: Source,
      },
      strict,
    ),
    /** Where the target is to be expected, from the transducer face. */
    expectedDepthMm: Type.Object({ from: Mm, to: Mm, source: Source }, strict),
    needle: Type.Object(
      {
        technique: TechniqueName,
        approach: Words,
        /** A larger gauge is a thinner needle. */
        gaugeFrom: Gauge,
        gaugeTo: Gauge,
        source: Source,
      },
      strict,
    ),
    structures: Type.Array(ProtocolStructure, { maxItems: STRUCTURE_CLASSES.length }),
    target: Type.Object(
      {
        name: Name,
        toleranceMm: Type.Number({ exclusiveMinimum: 0, maximum: 50 }),
        source: Source,
      },
      strict,
    ),
    warning: Type.Object({ enterMm: Mm, leaveMm: Mm, source: Source }, strict),
    /** Delay until "spread not seen" is said; null = never, e.g. inside a joint. */
    spread: Type.Object(
      { notSeenAfterMs: orNull(Type.Number({ minimum: 500, maximum: 60_000 })), source: Source },
      strict,
    ),
    /** Whether ultrasound alone suffices, and in words what it cannot show here. */
    ultrasoundAlone: Type.Object(
      { isSuitable: Type.Boolean(), words: Words, source: Source },
      strict,
    ),
  },
  strict,
);
export type ProcedureProtocol = Readonly<Static<typeof ProcedureProtocol>>;

/** A wrong field of a protocol. */
export interface ProtocolFault {
  /** Path with dots, e.g. `structures.0.keepOffMm`. */
  readonly field: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * Reads one protocol file.
 *
 * @param file - its name, for the message; its stem has to be the protocol's `id`
 * @throws EcholineError ECHOLINE_CONFIG_PROTOCOL_FILE (details: `file`, `field`, `expected`,
 *   `received`): no JSON, an unknown key or class, a negative distance, or distances that
 *   contradict each other
 */
export function parseProcedureProtocol(text: string, file: string): ProcedureProtocol {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw fileError(file, { field: '', expected: 'JSON', received: words }, cause);
  }
  const isFitting: boolean = Value.Check(ProcedureProtocol, content);
  if (!isFitting) throw fileError(file, explainMismatch(ProcedureProtocol, content));
  const protocol = content as ProcedureProtocol;
  const fault = contradictionIn(protocol);
  if (fault !== null) throw fileError(file, fault);
  if (file !== `${protocol.id}.json`) {
    const expected = `the name of the file, ${file.replace(/\.json$/, '')}`;
    throw fileError(file, { field: 'id', expected, received: protocol.id });
  }
  return protocol;
}

/** What the schema cannot say: distances that contradict each other, a class named twice. */
export function contradictionIn(protocol: ProcedureProtocol): ProtocolFault | null {
  const { expectedDepthMm: depth, needle, structures, warning } = protocol;
  if (depth.to <= depth.from) {
    return fault('expectedDepthMm.to', `more than ${depth.from}, its from`, depth.to);
  }
  if (needle.gaugeTo < needle.gaugeFrom) {
    return fault('needle.gaugeTo', `at least ${needle.gaugeFrom}, its gaugeFrom`, needle.gaugeTo);
  }
  for (const [index, structure] of structures.entries()) {
    const wrong = structureFault(structure, structures.slice(0, index));
    if (wrong !== null) return { ...wrong, field: `structures.${index}.${wrong.field}` };
  }
  return warningFault('warning', warning);
}

function structureFault(
  structure: ProtocolStructure,
  earlier: readonly ProtocolStructure[],
): ProtocolFault | null {
  if (earlier.some((other) => other.class === structure.class)) {
    return fault('class', 'each class once', structure.class);
  }
  const { rule, keepOffMm } = structure;
  if (rule === 'keep-off' && !(keepOffMm !== null && keepOffMm > 0)) {
    return fault('keepOffMm', 'a distance above 0 with the rule keep-off', keepOffMm);
  }
  if (rule !== 'keep-off' && keepOffMm !== null) {
    return fault('keepOffMm', `null with the rule ${rule}`, keepOffMm);
  }
  return structure.warning === null ? null : warningFault('warning', structure.warning);
}

function warningFault(field: string, warning: Static<typeof WarningMm>): ProtocolFault | null {
  if (warning.leaveMm > warning.enterMm) return null;
  return fault(`${field}.leaveMm`, `more than ${warning.enterMm}, its enterMm`, warning.leaveMm);
}

function fault(field: string, expected: string, received: unknown): ProtocolFault {
  return { field, expected, received: String(received) };
}

function fileError(file: string, wrong: ProtocolFault, cause?: unknown): EcholineError {
  const { field, expected, received } = wrong;
  const where = field === '' ? file : `${file}: ${field}`;
  return new EcholineError(
    'ECHOLINE_CONFIG_PROTOCOL_FILE',
    `Protocol ${where}: expected ${expected}, received ${received}.`,
    { file, field, expected, received },
    { cause },
  );
}
