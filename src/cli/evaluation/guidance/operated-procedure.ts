import type { Frame } from '../../../domain/frame.js';
import type { GuidancePlan } from '../../../domain/guidance-plan.js';
import { DEFAULT_PLAN } from '../../../domain/guidance-plan.js';
import type { ModelIdentity } from '../../../domain/overlay.js';
import { writeFindings } from '../../../engine/written-findings.js';
import { isInjection, type ProcedureEvent } from '../../../phantom/procedure/procedure-event.js';
import type { FrameResult } from '../../../pipeline/pipeline.js';
import { outcomeResult } from '../../../session/frame-outcome.js';
import { createProcedureArchive } from '../../../session/procedure/procedure-archive.js';
import { ProcedureDesk } from '../../../session/procedure/procedure-desk.js';
import type { ProcedureSummary } from '../../../session/procedure/procedure-summary.js';
import type { ProtocolLibrary } from '../../../session/procedure/protocol-library.js';

/** The operator marks an injection this long before the fluid comes, s. */
const MARKED_BEFORE_S = 0.3;
const BY = 'script';
const ID = 'scripted';

/** A procedure as the service keeps it, with an operator who says what the script does. */
export interface OperatedProcedure {
  /** What guidance goes by in the next frame. */
  plan(): GuidancePlan;
  /** What the operator says before the frame of that time. */
  advance(timeS: number): void;
  observe(frame: Frame, trackEpoch: number, result: FrameResult): void;
  /** Ends it. */
  end(): ProcedureSummary;
}

/** Starts a free-hand procedure: nerves and vessels are not to be entered, margins 3 and 4 mm. */
export function operateProcedure(
  library: ProtocolLibrary,
  model: ModelIdentity,
  { side, events }: { readonly side: 'left' | 'right'; readonly events: readonly ProcedureEvent[] },
): OperatedProcedure {
  let nowUs = 0;
  let plan: GuidancePlan = DEFAULT_PLAN;
  let commands = 0;
  const { desk, archive } = openDesk(
    library,
    model,
    () => nowUs,
    (next) => {
      plan = next;
    },
  );
  const commandId = (): string => String(++commands);
  desk.cartAttached(true, null);
  const start = { type: 'start-procedure', commandId: commandId(), protocol: 'free-hand' } as const;
  desk.receive({ ...start, side }, BY);
  const injections = events.filter(isInjection);
  let open: ProcedureEvent | null = null;
  let next = 0;
  const stop = (): void => {
    desk.receive({ type: 'stop-injection', commandId: commandId(), volumeMl: 5 }, BY);
    open = null;
  };
  return {
    plan: () => plan,
    advance(timeS) {
      nowUs = Math.round(timeS * 1e6);
      const [injection] = injections.slice(next);
      if (open === null && injection !== undefined && timeS >= injection.fromS - MARKED_BEFORE_S) {
        open = injection;
        next += 1;
        const mark = { type: 'start-injection', step: 'injection', volumeMl: 5 } as const;
        desk.receive({ ...mark, commandId: commandId() }, BY);
      } else if (open !== null && timeS >= open.toS) {
        stop();
      }
    },
    observe(frame, trackEpoch, result) {
      const shown = outcomeResult(
        result.kind === 'ok'
          ? { ...result, findings: writeFindings(result.findings) }
          : { kind: 'invalid', error: { code: result.error.code, message: '', details: {} } },
      );
      const receivedAtUs = frame.captureTimeUs;
      desk.observe({
        frame,
        trackEpoch,
        receivedAtUs,
        clock: null,
        result: shown,
        recording: null,
      });
    },
    end() {
      if (open !== null) stop();
      desk.receive({ type: 'end-procedure', commandId: commandId() }, BY);
      const archived = archive.find(ID);
      if (archived === null) throw new Error('Assertion failed: an ended procedure is archived');
      return archived.summary;
    },
  };
}

/** A desk that nobody watches. */
function openDesk(
  library: ProtocolLibrary,
  model: ModelIdentity,
  readClockUs: () => number,
  onPlan: (plan: GuidancePlan) => void,
) {
  const archive = createProcedureArchive();
  const services = {
    library,
    archive,
    newId: () => ID,
    wallClock: () => new Date(0).toISOString(),
    model: () => model,
    isResearch: false,
  };
  const desk = new ProcedureDesk({
    stream: 'evaluation',
    services,
    readClockUs,
    onPlan,
    onMessage: () => undefined,
    onEvent: () => undefined,
    onOperator: () => undefined,
  });
  return { desk, archive };
}
