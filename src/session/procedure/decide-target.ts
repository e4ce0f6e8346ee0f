import type { PointPx } from '../../domain/geometry.js';
import type { PlannedTarget, TargetAnchor } from '../../domain/target.js';
import type { ProcedureCommand } from '../../protocol/procedure-commands.js';
import type { Procedure } from './procedure.js';
import { refusal } from './procedure-refusal.js';

type CommandOf<Type extends ProcedureCommand['type']> = Extract<
  ProcedureCommand,
  { readonly type: Type }
>;

/** The newest frame that was looked at. */
export interface SeenFrame {
  readonly captureTimeUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of the structures in its overlay. */
  readonly structureIds: readonly number[];
  /** Where the target is, or was when it was last known; null when it cannot be placed. */
  readonly target: PointPx | null;
}

/**
 * The target that a command sets.
 *
 * @throws EcholineError ECHOLINE_PROCEDURE_TARGET_SET, ECHOLINE_PROCEDURE_PLACE
 */
export function setTarget(
  command: CommandOf<'set-target'>,
  procedure: Procedure,
  seen: SeenFrame | null,
) {
  if (procedure.target !== null) {
    throw refusal(
      'ECHOLINE_PROCEDURE_TARGET_SET',
      'There is a target already: expected clear-target before another.',
    );
  }
  return {
    target: targetAt(anchorAt(command.place, seen), procedure, command),
    ...frameOf(command),
  };
}

/**
 * The target, confirmed anew: where it was, or at the place that the command names.
 *
 * @throws EcholineError ECHOLINE_PROCEDURE_NO_TARGET, ECHOLINE_PROCEDURE_PLACE
 */
export function confirmTarget(
  command: CommandOf<'confirm-target'>,
  procedure: Procedure,
  seen: SeenFrame | null,
) {
  const { anchor } = theTarget(procedure);
  if (command.point !== undefined) checkPlace(command.point, seen);
  const point = command.point ?? (anchor.kind === 'point' ? seen?.target : undefined);
  const now: TargetAnchor = point ? { kind: 'point', point } : anchor;
  if (now.kind === 'structure') checkStructure(now.structureId, seen);
  return { target: targetAt(now, procedure, command), ...frameOf(command) };
}

function anchorAt(place: CommandOf<'set-target'>['place'], seen: SeenFrame | null): TargetAnchor {
  if (place.kind === 'point') {
    checkPlace(place.point, seen);
    return place;
  }
  checkStructure(place.structureId, seen);
  return { ...place, offset: { xPx: 0, yPx: 0 } };
}

function targetAt(
  anchor: TargetAnchor,
  { protocol, confirmations }: Procedure,
  { trackEpoch }: { readonly trackEpoch: number },
): PlannedTarget {
  const { toleranceMm } = protocol.target;
  return { anchor, toleranceMm, confirmation: confirmations + 1, trackEpoch };
}

/** @throws EcholineError ECHOLINE_PROCEDURE_NO_TARGET */
export function theTarget({ target }: Procedure): PlannedTarget {
  if (target !== null) return target;
  throw refusal('ECHOLINE_PROCEDURE_NO_TARGET', 'There is no target: expected set-target first.');
}

/**
 * Checks that a place lies in the image that displays show.
 *
 * @throws EcholineError ECHOLINE_PROCEDURE_PLACE
 */
export function checkPlace({ xPx, yPx }: PointPx, seen: SeenFrame | null): void {
  if (seen === null)
    throw refusal(
      'ECHOLINE_PROCEDURE_PLACE',
      'Expected a place in an image; no frame has come yet.',
    );
  const { widthPx, heightPx } = seen;
  const isInside = xPx >= -0.5 && yPx >= -0.5 && xPx < widthPx - 0.5 && yPx < heightPx - 0.5;
  if (isInside) return;
  const image = `the image of ${widthPx} × ${heightPx} pixels`;
  throw refusal(
    'ECHOLINE_PROCEDURE_PLACE',
    `Expected a place inside ${image}, received ${xPx}, ${yPx}.`,
  );
}

function checkStructure(structureId: number, seen: SeenFrame | null): void {
  if (seen?.structureIds.includes(structureId) === true) return;
  throw refusal(
    'ECHOLINE_PROCEDURE_PLACE',
    `Expected a structure that is seen now, received ${structureId}.`,
  );
}

/** The overlay that a command says it was given on. */
export function frameOf(command: {
  readonly epoch: number;
  readonly frameId: number;
  readonly trackEpoch: number;
}) {
  const { epoch, frameId, trackEpoch } = command;
  return { epoch, frameId, trackEpoch };
}
