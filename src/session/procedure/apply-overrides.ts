import { EcholineError } from '../../domain/errors.js';
import type { ProtocolOverrides } from '../../protocol/procedure-commands.js';
import {
  contradictionIn,
  type ProcedureProtocol,
  type ProtocolStructure,
} from '../../protocol/procedure-protocol.js';

/** The `source` of what was changed for one patient. */
const OVERRIDE_SOURCE = 'set by the operator for this patient';

/**
 * The protocol with what the operator changed for this patient.
 *
 * @throws EcholineError ECHOLINE_PROCEDURE_OVERRIDE where the result contradicts itself
 */
export function applyOverrides(
  protocol: ProcedureProtocol,
  overrides: ProtocolOverrides,
): ProcedureProtocol {
  const { targetName, targetToleranceMm, expectedDepthMm, warning, notSeenAfterMs } = overrides;
  const source = OVERRIDE_SOURCE;
  const changed: ProcedureProtocol = {
    ...protocol,
    ...(expectedDepthMm && { expectedDepthMm: { ...expectedDepthMm, source } }),
    ...(warning && { warning: { ...warning, source } }),
    ...(notSeenAfterMs !== undefined && { spread: { notSeenAfterMs, source } }),
    ...((targetName !== undefined || targetToleranceMm !== undefined) && {
      target: {
        name: targetName ?? protocol.target.name,
        toleranceMm: targetToleranceMm ?? protocol.target.toleranceMm,
        source,
      },
    }),
    structures: (overrides.structures ?? []).reduce(withStructure, protocol.structures),
  };
  const fault = contradictionIn(changed);
  if (fault === null) return changed;
  const { field, expected, received } = fault;
  throw new EcholineError(
    'ECHOLINE_PROCEDURE_OVERRIDE',
    `Overrides of ${protocol.id}: ${field}: expected ${expected}, received ${received}.`,
    { field, expected, received },
  );
}

type StructureOverride = NonNullable<ProtocolOverrides['structures']>[number];

function withStructure(
  structures: ProtocolStructure[],
  override: StructureOverride,
): ProtocolStructure[] {
  const known = structures.find((one) => one.class === override.class);
  const before: ProtocolStructure = known ?? {
    class: override.class,
    name: override.class,
    rule: 'none',
    keepOffMm: null,
    mustSee: false,
    warning: null,
    source: OVERRIDE_SOURCE,
  };
  const rule = override.rule ?? before.rule;
  // A distance belongs to its rule: with another rule the protocol's distance has no meaning.
  const keptMm = rule === before.rule ? before.keepOffMm : null;
  const after: ProtocolStructure = {
    ...before,
    rule,
    keepOffMm: override.keepOffMm === undefined ? keptMm : override.keepOffMm,
    mustSee: override.mustSee ?? before.mustSee,
    warning: override.warning === undefined ? before.warning : override.warning,
    source: OVERRIDE_SOURCE,
  };
  if (known === undefined) return [...structures, after];
  return structures.map((one) => (one === known ? after : one));
}
