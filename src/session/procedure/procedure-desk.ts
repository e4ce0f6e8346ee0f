import { assert } from '../../domain/assert.js';
import { ACKNOWLEDGED_US, type GuidancePlan } from '../../domain/guidance-plan.js';
import type { ModelIdentity } from '../../domain/overlay.js';
import type { RecordingSink } from '../../domain/recording.js';
import type { ProcedureCommand } from '../../protocol/procedure-commands.js';
import type { ProcedureEvent, ProcedureMessage } from '../../protocol/procedure-messages.js';
import { type FrameOutcome, findingsOf } from '../frame-outcome.js';
import { decide } from './decide-command.js';
import type { SeenFrame } from './decide-target.js';
import { type Acknowledged, guidancePlanOf } from './guidance-plan-of.js';
import { addMotion, type MotionRecord, NO_MOTION } from './motion-metrics.js';
import { evolve, isRunning, type Procedure, stateOf } from './procedure.js';
import type { ArchivedProcedure, ProcedureArchive } from './procedure-archive.js';
import { procedureSummary } from './procedure-summary.js';
import type { ProtocolLibrary } from './protocol-library.js';

/** A procedure without a frame and without a command for this long is ended, µs. */
const IDLE_MAX_US = 10 * 60 * 1_000_000;

/** What the desks of all streams share. */
export interface ProcedureServices {
  readonly library: ProtocolLibrary;
  readonly archive: ProcedureArchive;
  readonly newId: () => string;
  /** Wall clock, ISO 8601. */
  readonly wallClock: () => string;
  readonly model: () => ModelIdentity;
  /** Whether what is research and not validated is computed too (configuration `research`). */
  readonly isResearch: boolean;
}

export interface ProcedureDeskOptions {
  readonly stream: string;
  readonly services: ProcedureServices;
  readonly readClockUs: () => number;
  /** What guidance goes by from now on. */
  onPlan(plan: GuidancePlan): void;
  /** For every display. */
  onMessage(message: ProcedureMessage): void;
  /** For the recording. */
  onEvent(event: ProcedureEvent): void;
  /** Somebody took or left the operator's place. */
  onOperator(): void;
}

/**
 * Where a stream's procedures are kept: takes the operator's commands, tells what came of them, and
 * adds up what the frames show meanwhile.
 */
export class ProcedureDesk {
  readonly #options: ProcedureDeskOptions;
  #operator: string | null = null;
  #procedure: Procedure | null = null;
  #motion: MotionRecord = NO_MOTION;
  #acknowledged: Acknowledged = {};
  #seen: () => SeenFrame | null = nothingSeen;
  #lastEventAtUs: number | null = null;
  #activeAtUs = 0;
  /** When the present cart connected; null without one. */
  #connectionSinceUs: number | null = null;
  #isSimulated = false;

  constructor(options: ProcedureDeskOptions) {
    this.#options = options;
  }

  /** The operator's display by its name; null while nobody operates. */
  get operator(): string | null {
    return this.#operator;
  }

  get isRunning(): boolean {
    return isRunning(this.#procedure);
  }

  /** Gives a display the operator's place; the returned function leaves it. */
  seat(name: string): () => void {
    this.#operator = name;
    this.#options.onOperator();
    return () => {
      this.#operator = null;
      this.#options.onOperator();
    };
  }

  /**
   * Carries out a command.
   *
   * @throws EcholineError ECHOLINE_PROCEDURE_*: it is refused and nothing has changed
   */
  receive(command: ProcedureCommand, by: string): void {
    const { services, stream, readClockUs } = this.#options;
    const event = decide(command, {
      procedure: this.#procedure,
      library: services.library,
      stream,
      by,
      nowUs: readClockUs(),
      lastEventAtUs: this.#lastEventAtUs,
      seen: this.#seen(),
      newId: services.newId,
      wallClock: services.wallClock,
    });
    this.#happened(event, command.commandId);
  }

  /** What a display that comes in the middle is told; `event` null. */
  message(): ProcedureMessage {
    return this.#messageOf(null, null);
  }

  /** A frame has been looked at. */
  observe(outcome: FrameOutcome): void {
    const { frame, trackEpoch, receivedAtUs, result } = outcome;
    const { captureTimeUs, widthPx, heightPx, spacing } = frame;
    const findings = findingsOf(result);
    // Read by a command, if one comes. Holds no pixels.
    this.#seen = () => {
      const { structures, guidance } = findings.read();
      const structureIds = structures.map(({ id }) => id);
      const target = guidance.target?.point ?? null;
      return { captureTimeUs, widthPx, heightPx, structureIds, target };
    };
    if (!isRunning(this.#procedure)) return;
    this.#activeAtUs = receivedAtUs;
    const { needle, guidance, spread } = findings.read();
    this.#motion = addMotion(this.#motion, {
      trackEpoch,
      spacing,
      needle,
      guidance,
      atUs: receivedAtUs,
      ...(spread && { spread }),
    });
  }

  /**
   * A cart connected: its clock is another one, so what was said in capture times is over. What
   * happened so far goes into its recording too.
   */
  cartAttached(isSimulated: boolean, recording: RecordingSink | null): void {
    this.#isSimulated = isSimulated;
    this.#connectionSinceUs = this.#options.readClockUs();
    this.#acknowledged = {};
    this.#seen = nothingSeen;
    this.#options.onPlan(this.#plan());
    if (!isRunning(this.#procedure)) return;
    for (const event of this.#procedure.events) recording?.event(recordedEvent(event));
  }

  /** Ends a procedure that nobody attends to any more. */
  tick(nowUs: number): void {
    if (!isRunning(this.#procedure) || nowUs - this.#activeAtUs < IDLE_MAX_US) return;
    const reason = 'neither a frame nor a command for ten minutes';
    this.#happened({ kind: 'ended', atUs: nowUs, by: 'service', reason }, null);
  }

  #happened(event: ProcedureEvent, commandId: string | null): void {
    this.#procedure = evolve(this.#procedure, event);
    this.#lastEventAtUs = event.atUs;
    this.#activeAtUs = event.atUs;
    const { archive } = this.#options.services;
    if (event.kind === 'started') {
      this.#motion = NO_MOTION;
      archive.begin(event.procedure, () => this.#archived());
    }
    if (event.kind === 'ended') archive.end(this.#archived());
    if (event.kind === 'advisory-acknowledged' && event.captureTimeUs !== null) {
      const untilUs = event.captureTimeUs + ACKNOWLEDGED_US;
      this.#acknowledged = { ...this.#acknowledged, [event.advisory]: untilUs };
    }
    this.#options.onEvent(event);
    this.#options.onPlan(this.#plan());
    this.#options.onMessage(this.#messageOf(event, commandId));
  }

  /** What the archive tells about it. */
  #archived(): ArchivedProcedure {
    assert(this.#procedure !== null, 'the archive asks about a procedure that began');
    const { services, readClockUs } = this.#options;
    const summary = procedureSummary(this.#procedure, this.#motion, {
      nowUs: readClockUs(),
      model: services.model(),
      isSimulated: this.#isSimulated,
    });
    return { procedure: this.#procedure, summary };
  }

  #plan(): GuidancePlan {
    return guidancePlanOf(
      this.#procedure,
      this.#acknowledged,
      this.#connectionSinceUs,
      this.#options.services.isResearch,
    );
  }

  #messageOf(event: ProcedureEvent | null, commandId: string | null): ProcedureMessage {
    const state = this.#procedure === null ? null : stateOf(this.#procedure);
    return { type: 'procedure', state, event, commandId };
  }
}

/** How an event is written into a recording: `procedure-…`, with the whole event as its details. */
export function recordedEvent(event: ProcedureEvent) {
  return { kind: `procedure-${event.kind}`, atUs: event.atUs, details: { event } };
}

function nothingSeen(): null {
  return null;
}
