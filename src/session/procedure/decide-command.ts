import type { ProcedureCommand } from '../../protocol/procedure-commands.js';
import type { ProcedureEvent } from '../../protocol/procedure-messages.js';
import { applyOverrides } from './apply-overrides.js';
import { checkTime } from './command-time.js';
import {
  checkPlace,
  confirmTarget,
  frameOf,
  type SeenFrame,
  setTarget,
  theTarget,
} from './decide-target.js';
import { isRunning, openInjection, type Procedure } from './procedure.js';
import { refusal } from './procedure-refusal.js';
import type { ProtocolLibrary } from './protocol-library.js';

/** Events that one procedure holds; its end and the end of an injection always have room. */
const EVENTS_MAX = 2000;

/** What a command is judged by. */
export interface CommandContext {
  readonly procedure: Procedure | null;
  readonly library: ProtocolLibrary;
  readonly stream: string;
  /** The operator's display. */
  readonly by: string;
  readonly nowUs: number;
  /** Of the event before; null before the first. */
  readonly lastEventAtUs: number | null;
  /** null before the first overlay. */
  readonly seen: SeenFrame | null;
  /** For a new procedure. */
  readonly newId: () => string;
  /** Wall clock, ISO 8601. */
  readonly wallClock: () => string;
}

type CommandOf<Type extends ProcedureCommand['type']> = Extract<
  ProcedureCommand,
  { readonly type: Type }
>;

/**
 * The event that a command makes. Pure but for what the context gives it.
 *
 * @throws EcholineError ECHOLINE_PROCEDURE_*: nothing has changed then
 */
export function decide(command: ProcedureCommand, context: CommandContext): ProcedureEvent {
  const { procedure, by, seen } = context;
  const envelope = { atUs: checkTime(command, context), by };
  const captureTimeUs = seen?.captureTimeUs ?? null;
  if (command.type === 'acknowledge-advisory') {
    const { advisory } = command;
    return { kind: 'advisory-acknowledged', ...envelope, advisory, captureTimeUs };
  }
  if (command.type === 'start-procedure') return start(command, context, envelope);
  const running = theRunning(procedure, command.type);
  switch (command.type) {
    case 'confirm-side':
      checkSide(running, command.side);
      return { kind: 'side-confirmed', ...envelope, side: command.side };
    case 'set-target':
      return { kind: 'target-set', ...envelope, ...setTarget(command, running, seen) };
    case 'confirm-target':
      return { kind: 'target-confirmed', ...envelope, ...confirmTarget(command, running, seen) };
    case 'clear-target':
      theTarget(running);
      return { kind: 'target-cleared', ...envelope };
    case 'start-injection':
      return startInjection(command, running, { ...envelope, captureTimeUs });
    case 'stop-injection':
      return stopInjection(command, running, { ...envelope, captureTimeUs });
    case 'mark-entry': {
      checkPlace(command.point, seen);
      return { kind: 'entry-marked', ...envelope, point: command.point, ...frameOf(command) };
    }
    case 'freeze':
      return { kind: 'frozen', ...envelope, isFrozen: command.isFrozen };
    case 'note':
      return { kind: 'noted', ...envelope, text: command.text };
    case 'end-procedure':
      checkNothingGoesIn(running);
      return { kind: 'ended', ...envelope, reason: null };
  }
}

type Envelope = { readonly atUs: number; readonly by: string };

function start(
  command: CommandOf<'start-procedure'>,
  context: CommandContext,
  envelope: Envelope,
): ProcedureEvent {
  const { procedure, library, stream } = context;
  if (isRunning(procedure)) {
    throw refusal(
      'ECHOLINE_PROCEDURE_RUNNING',
      'A procedure is running: expected it to be ended before another one.',
    );
  }
  const protocol = library.get(command.protocol);
  if (protocol === undefined) {
    const known = [...library.keys()].join(', ');
    throw refusal(
      'ECHOLINE_PROCEDURE_PROTOCOL',
      `Expected one of ${known}, received "${command.protocol}".`,
    );
  }
  return {
    kind: 'started',
    ...envelope,
    procedure: context.newId(),
    stream,
    startedAt: context.wallClock(),
    protocol: applyOverrides(protocol, command.overrides ?? {}),
    side: command.side,
    technique: command.technique ?? protocol.needle.technique,
  };
}

function theRunning(procedure: Procedure | null, type: ProcedureCommand['type']): Procedure {
  if (!isRunning(procedure)) {
    throw refusal(
      'ECHOLINE_PROCEDURE_NOT_STARTED',
      `Expected a running procedure for ${type}: start one first.`,
    );
  }
  const mustHaveRoom = type !== 'end-procedure' && type !== 'stop-injection';
  if (mustHaveRoom && procedure.events.length >= EVENTS_MAX) {
    throw refusal(
      'ECHOLINE_PROCEDURE_LIMIT',
      `Expected at most ${EVENTS_MAX} events: end this procedure.`,
    );
  }
  return procedure;
}

function checkSide({ side }: Procedure, confirmed: string): void {
  if (side === null || side === confirmed) return;
  throw refusal(
    'ECHOLINE_PROCEDURE_SIDE',
    `The side is ${side} and was confirmed: expected ${side}, received ${confirmed}. ` +
      'A procedure on another side is another procedure.',
  );
}

function startInjection(
  command: CommandOf<'start-injection'>,
  procedure: Procedure,
  at: Envelope & { readonly captureTimeUs: number | null },
): ProcedureEvent {
  checkNothingGoesIn(procedure);
  const { step, volumeMl = null } = command;
  const injection = procedure.injections.length + 1;
  return { kind: 'injection-started', ...at, injection, step, volumeMl };
}

function stopInjection(
  { volumeMl }: CommandOf<'stop-injection'>,
  procedure: Procedure,
  at: Envelope & { readonly captureTimeUs: number | null },
): ProcedureEvent {
  const open = openInjection(procedure);
  if (open === null) {
    throw refusal(
      'ECHOLINE_PROCEDURE_INJECTION',
      'Expected start-injection before stop-injection: none goes on.',
    );
  }
  return { kind: 'injection-stopped', ...at, injection: open.injection, volumeMl };
}

function checkNothingGoesIn(procedure: Procedure): void {
  const open = openInjection(procedure);
  if (open === null) return;
  const what = `${open.step} ${open.injection} goes on`;
  throw refusal('ECHOLINE_PROCEDURE_INJECTION', `Expected stop-injection first: ${what}.`);
}
