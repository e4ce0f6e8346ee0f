import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN, type GuidancePlan } from '../../../src/domain/guidance-plan.js';
import type { RecordedEvent, RecordingSink } from '../../../src/domain/recording.js';
import type { ProcedureMessage } from '../../../src/protocol/procedure-messages.js';
import type { FrameOutcome } from '../../../src/session/frame-outcome.js';
import { ProcedureDesk } from '../../../src/session/procedure/procedure-desk.js';
import { OK_RESULT } from '../../support/fake-engine-stream.js';
import { testFrame } from '../../support/frames.js';
import { testProcedures } from '../../support/procedures.js';

const START = {
  type: 'start-procedure',
  commandId: '1',
  protocol: 'axillary-plexus',
  side: 'left',
} as const;
const END = { type: 'end-procedure', commandId: '9' } as const;

function createWorld(isResearch = false) {
  let nowUs = 1_000_000;
  const services = testProcedures(isResearch);
  const plans: GuidancePlan[] = [];
  const messages: ProcedureMessage[] = [];
  const recorded: string[] = [];
  const desk = new ProcedureDesk({
    stream: 's',
    services,
    readClockUs: () => nowUs,
    onPlan: (plan) => plans.push(plan),
    onMessage: (message) => messages.push(message),
    onEvent: ({ kind }) => recorded.push(kind),
    onOperator: () => undefined,
  });
  return {
    desk,
    services,
    plans,
    messages,
    recorded,
    plan: () => plans.at(-1),
    pass(us: number): void {
      nowUs += us;
      desk.tick(nowUs);
    },
    see(frameId: number): void {
      const result = OK_RESULT.kind === 'ok' ? OK_RESULT : expect.fail();
      const outcome: FrameOutcome = {
        frame: testFrame(frameId),
        trackEpoch: 0,
        receivedAtUs: nowUs,
        clock: null,
        result: { kind: 'ok', findings: result.findings, stageMs: result.stageMs },
        recording: null,
      };
      desk.observe(outcome);
    },
  };
}

describe('the desk of a stream', () => {
  it('asks for research only where the service was started with it', () => {
    for (const isResearch of [true, false]) {
      const world = createWorld(isResearch);
      world.desk.receive(START, 'a');
      expect(world.plan()?.spread.isResearch).toBe(isResearch);
    }
  });

  it('makes the plan of the protocol, and the default one again at the end', () => {
    const { desk, plan, pass } = createWorld();
    desk.receive(START, 'a');
    expect(plan()).toMatchObject({
      rules: {
        nerve: { rule: 'beside', keepOffMm: null },
        artery: { rule: 'do-not-enter', warning: { enterMm: 1, leaveMm: 2 } },
      },
      mustSee: ['nerve', 'vessel'],
      warning: { enterMm: 3, leaveMm: 4 },
      technique: 'in-plane',
      limits: [],
    });
    pass(1);
    desk.receive(END, 'a');
    expect(plan()).toEqual(DEFAULT_PLAN);
  });

  it('says in the plan what limits guidance: no side, a frozen display', () => {
    const { desk, plan } = createWorld();
    desk.receive({ ...START, side: null }, 'a');
    expect(plan()?.limits).toEqual(['side-not-confirmed']);
    desk.receive({ type: 'freeze', commandId: '2', isFrozen: true }, 'a');
    desk.receive({ type: 'confirm-side', commandId: '3', side: 'midline' }, 'a');
    expect(plan()?.limits).toEqual(['frozen']);
  });

  it('hands injections and acknowledgements to the pipeline in capture time', () => {
    const { desk, plan, see } = createWorld();
    desk.cartAttached(true, null);
    see(10);
    const { captureTimeUs } = testFrame(10);
    desk.receive(START, 'a');
    desk.receive({ type: 'start-injection', commandId: '2', step: 'aspirate' }, 'a');
    expect(plan()?.spread.injection).toBeNull();
    desk.receive({ type: 'stop-injection', commandId: '3', volumeMl: 0 }, 'a');
    desk.receive({ type: 'start-injection', commandId: '4', step: 'test-bolus' }, 'a');
    const injection = { id: 2, startedAtUs: captureTimeUs, endedAtUs: null };
    expect(plan()?.spread).toMatchObject({ injection, notSeenAfterMs: 3000 });
    const acknowledge = { type: 'acknowledge-advisory', commandId: '5' } as const;
    desk.receive({ ...acknowledge, advisory: 'probe-moved' }, 'a');
    expect(plan()?.acknowledgedUntilUs).toEqual({ 'probe-moved': captureTimeUs + 10_000_000 });
    // Another cart has another clock.
    desk.cartAttached(true, null);
    expect(plan()?.acknowledgedUntilUs).toEqual({});
  });

  it('takes the place where a moved target was last known when it is confirmed', () => {
    const { desk, plan, see } = createWorld();
    see(1);
    desk.receive(START, 'a');
    const seen = { epoch: 0, frameId: 1, trackEpoch: 4 };
    const place = { kind: 'point', point: { xPx: 10, yPx: 20 } } as const;
    desk.receive({ type: 'set-target', commandId: '2', place, ...seen }, 'a');
    expect(plan()?.target).toEqual({
      anchor: place,
      toleranceMm: 2,
      confirmation: 1,
      trackEpoch: 4,
    });
    desk.receive({ type: 'confirm-target', commandId: '3', ...seen, trackEpoch: 5 }, 'a');
    expect(plan()?.target).toMatchObject({ anchor: place, confirmation: 2, trackEpoch: 5 });
  });

  it('tells a new recording everything that has happened so far', () => {
    const { desk } = createWorld();
    desk.receive(START, 'a');
    desk.receive({ type: 'note', commandId: '2', text: 'x' }, 'a');
    const events: RecordedEvent[] = [];
    const sink: RecordingSink = {
      frame() {},
      overlay() {},
      verdict() {},
      event: (event) => events.push(event),
      close: async () => {},
    };
    desk.cartAttached(false, sink);
    expect(events.map(({ kind }) => kind)).toEqual(['procedure-started', 'procedure-noted']);
  });

  it('ends a procedure that nobody attends to, and says why', () => {
    const { desk, pass, see, messages, services } = createWorld();
    desk.receive(START, 'a');
    pass(500_000_000);
    see(1);
    pass(500_000_000);
    expect(desk.isRunning).toBe(true);
    pass(100_000_000);
    expect(desk.isRunning).toBe(false);
    expect(messages.at(-1)?.event).toMatchObject({ kind: 'ended', by: 'service' });
    expect(services.archive.find('procedure-1')?.summary.endReason).toContain('ten minutes');
  });

  it('keeps the summaries of ended procedures apart from the one that runs', () => {
    const { desk, pass, services } = createWorld();
    for (const side of ['left', 'right'] as const) {
      desk.receive({ ...START, side }, 'a');
      pass(2_000_000);
      if (side === 'left') desk.receive(END, 'a');
    }
    const { archive } = services;
    expect(archive.find('procedure-1')?.summary).toMatchObject({ side: 'left', durationMs: 2000 });
    expect(archive.find('procedure-2')?.summary).toMatchObject({ side: 'right', endedAtUs: null });
    expect(archive.find('procedure-3')).toBeNull();
  });

  it('ECHOLINE_PROCEDURE_LIMIT: has room for the end of an endless procedure', () => {
    const { desk } = createWorld();
    desk.receive(START, 'a');
    const note = { type: 'note', commandId: '2', text: 'x' } as const;
    for (let count = 1; count < 2000; count += 1) desk.receive(note, 'a');
    expect(() => desk.receive(note, 'a')).toThrow(/at most 2000/);
    desk.receive(END, 'a');
    expect(desk.isRunning).toBe(false);
  });
});
