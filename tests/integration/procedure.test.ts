import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordInto } from '../../src/clips/recorder.js';
import type { ProcedureEvent, ProcedureState } from '../../src/protocol/procedure-messages.js';
import { testMessage } from '../support/frames.js';
import {
  acknowledgeAll,
  type Heard,
  openCart,
  openDisplay,
  openPeer,
  type RawPeer,
} from '../support/raw-peer.js';
import { startService, type TestService, until } from '../support/service.js';

const HELLO = { type: 'hello', protocol: { major: 1, minor: 0 } };
const SEEN = { epoch: 0, frameId: 1, trackEpoch: 0 };
const START = { type: 'start-procedure', protocol: 'femoral', side: 'left' };
const POINT = { kind: 'point', point: { xPx: 60, yPx: 70 } };

const recordings = mkdtempSync(join(tmpdir(), 'echoline-procedures-'));
let service: TestService;
let cart: RawPeer;
let operator: RawPeer;
let observer: RawPeer;
let commands = 0;
let streams = 0;

beforeAll(async () => {
  const options = { now: () => new Date(), onProblem: (problem: string) => expect.fail(problem) };
  service = await startService(
    { engineHangMs: 20_000, frameAgeMaxMs: 10_000 },
    { openRecording: recordInto(recordings, options) },
  );
});
afterAll(() => service.close());

beforeEach(async () => {
  streams += 1;
  const stream = `bed-${streams}`;
  operator = await openPeer(`${service.wsUrl}/v1/streams/${stream}/overlays`);
  acknowledgeAll(operator);
  operator.send({ ...HELLO, role: 'operator', name: 'trolley' });
  await operator.heard('welcome');
  observer = await openDisplay(service.wsUrl, stream);
  acknowledgeAll(observer);
  cart = await openCart(service.wsUrl, stream);
  cart.send(testMessage(1));
  await operator.heard('overlay');
});
afterEach(() => {
  for (const peer of [cart, operator, observer]) peer.close();
});

/** Sends a command; resolves with what came of it: the event, or the code of its refusal. */
async function command(message: object, from: RawPeer = operator): Promise<Heard> {
  commands += 1;
  const commandId = `c${commands}`;
  const answer = () => from.messages.find((heard) => heard.commandId === commandId);
  from.send({ ...message, commandId });
  await until(() => answer() !== undefined || from.ended !== null, JSON.stringify(message));
  return answer() ?? { type: 'closed', ...from.ended };
}
const codeOf = async (message: object, from?: RawPeer) => (await command(message, from)).code;
const eventOf = async (message: object) => (await command(message)).event as ProcedureEvent;

describe('an operator', () => {
  it('is named to every display, and only one at a time', async () => {
    expect((await observer.heard('welcome')).info).toMatchObject({ operatorName: 'trolley' });
    operator.close();
    const info = () => observer.of('stream').at(-1)?.info as { operatorName: unknown };
    await until(() => info()?.operatorName === null, 'the operator to be gone');
  });

  it('takes a procedure from its start to its end, and everybody is told each step', async () => {
    const started = (await eventOf({ ...START, overrides: { targetToleranceMm: 1.5 } })) as Extract<
      ProcedureEvent,
      { kind: 'started' }
    >;
    expect(started).toMatchObject({ by: 'trolley', side: 'left', technique: 'in-plane' });
    await command({ type: 'set-target', place: POINT, ...SEEN });
    await command({ type: 'confirm-target', point: { xPx: 61, yPx: 70 }, ...SEEN });
    await command({ type: 'mark-entry', point: { xPx: 0, yPx: 10 }, ...SEEN });
    await command({ type: 'start-injection', step: 'aspirate' });
    await command({ type: 'stop-injection', volumeMl: 0 });
    for (const volumeMl of [1, 0.5]) {
      await command({ type: 'start-injection', step: 'hydrodissection', volumeMl: 1 });
      await command({ type: 'stop-injection', volumeMl });
    }
    await command({ type: 'acknowledge-advisory', advisory: 'probe-moved' });
    await command({ type: 'freeze', isFrozen: true });
    await command({ type: 'note', text: 'paraesthesia: none' });
    await command({ type: 'clear-target' });
    await command({ type: 'end-procedure' });
    await until(() => observer.of('procedure').length === 15, 'every event at the observer');
    expect(operator.of('procedure').map(({ event }) => event)).toEqual(
      observer.of('procedure').map(({ event }) => event),
    );
    const state = observer.of('procedure').at(-3)?.state as ProcedureState;
    expect(state.target).toMatchObject({ toleranceMm: 1.5, confirmation: 2 });
    expect(state.injections.map(({ step, givenMl }) => [step, givenMl])).toEqual([
      ['aspirate', 0],
      ['hydrodissection', 1],
      ['hydrodissection', 0.5],
    ]);

    const response = await service.get(`/v1/procedures/${started.procedure}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: started.procedure,
      stream: `bed-${streams}`,
      side: 'left',
      protocol: { id: 'femoral', target: { toleranceMm: 1.5 } },
      injections: [{ step: 'aspirate' }, { givenMl: 1 }, { givenMl: 0.5 }],
      notes: [{ text: 'paraesthesia: none' }],
      metrics: { passes: 0, passesReason: null },
      model: { id: 'guidenet' },
      isSimulated: false,
    });

    cart.send({ type: 'bye', reason: 'done', reconnectAfterMs: null });
    const folder = readdirSync(recordings).find((name) => name.startsWith(`bed-${streams}-`));
    const read = () => readFileSync(join(recordings, folder ?? '', 'events.jsonl'), 'utf8');
    await until(() => read().includes('procedure-ended'), 'the recording');
    const kinds = read()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind)
      .filter((kind) => kind.startsWith('procedure-'));
    expect(kinds).toHaveLength(15);
    expect(kinds.slice(0, 3)).toEqual([
      'procedure-started',
      'procedure-target-set',
      'procedure-target-confirmed',
    ]);
  });

  it('tells a display that comes in the middle what is going on', async () => {
    await command(START);
    const late = await openDisplay(service.wsUrl, `bed-${streams}`);
    expect(await late.heard('procedure')).toMatchObject({
      event: null,
      state: { side: 'left', protocol: { id: 'femoral' } },
    });
    late.close();
  });

  it('has degraded guidance until the side is confirmed', async () => {
    const reasonsOf = ({ guidance }: Heard) => (guidance as { reasons: string[] }).reasons;
    await command({ ...START, side: null });
    expect((await observer.heard('procedure')).state).toMatchObject({ side: null });
    cart.send(testMessage(2));
    const before = await operator.heard('overlay', 1, 20_000);
    expect(reasonsOf(before)).toContain('side-not-confirmed');
    await command({ type: 'confirm-side', side: 'right' });
    expect((await observer.heard('procedure', 1)).state).toMatchObject({ side: 'right' });
    cart.send(testMessage(3));
    const after = await operator.heard('overlay', 2, 20_000);
    expect(reasonsOf(after)).not.toContain('side-not-confirmed');
  });
});

describe('a command is refused, and the connection stays', () => {
  it('ECHOLINE_AUTH_NOT_OPERATOR: from a display without the right', async () => {
    expect(await codeOf(START, observer)).toBe('ECHOLINE_AUTH_NOT_OPERATOR');
    expect(observer.ended).toBeNull();
    expect(operator.of('command-refused')).toEqual([]);
  });

  it('ECHOLINE_PROCEDURE_NOT_STARTED and ECHOLINE_PROCEDURE_RUNNING: out of turn', async () => {
    expect(await codeOf({ type: 'note', text: 'a' })).toBe('ECHOLINE_PROCEDURE_NOT_STARTED');
    await command(START);
    expect(await codeOf(START)).toBe('ECHOLINE_PROCEDURE_RUNNING');
    await command({ type: 'end-procedure' });
    expect(await codeOf({ type: 'end-procedure' })).toBe('ECHOLINE_PROCEDURE_NOT_STARTED');
  });

  it('ECHOLINE_PROCEDURE_PROTOCOL and ECHOLINE_PROCEDURE_OVERRIDE: at the start', async () => {
    expect(await codeOf({ ...START, protocol: 'elbow' })).toBe('ECHOLINE_PROCEDURE_PROTOCOL');
    const overrides = { warning: { enterMm: 4, leaveMm: 3 } };
    expect(await codeOf({ ...START, overrides })).toBe('ECHOLINE_PROCEDURE_OVERRIDE');
  });

  it('ECHOLINE_PROCEDURE_SIDE: for another side than the confirmed one', async () => {
    await command(START);
    expect(await codeOf({ type: 'confirm-side', side: 'right' })).toBe('ECHOLINE_PROCEDURE_SIDE');
    expect((await eventOf({ type: 'confirm-side', side: 'left' })).kind).toBe('side-confirmed');
  });

  it('ECHOLINE_PROCEDURE_TARGET_SET: for a second target', async () => {
    await command(START);
    await command({ type: 'set-target', place: POINT, ...SEEN });
    expect(await codeOf({ type: 'set-target', place: POINT, ...SEEN })).toBe(
      'ECHOLINE_PROCEDURE_TARGET_SET',
    );
  });

  it('ECHOLINE_PROCEDURE_NO_TARGET: for a target that was not set', async () => {
    await command(START);
    expect(await codeOf({ type: 'clear-target' })).toBe('ECHOLINE_PROCEDURE_NO_TARGET');
    expect(await codeOf({ type: 'confirm-target', ...SEEN })).toBe('ECHOLINE_PROCEDURE_NO_TARGET');
  });

  it('ECHOLINE_PROCEDURE_PLACE: for a target outside the image or on nothing', async () => {
    await command(START);
    const places = [
      { kind: 'point', point: { xPx: 128, yPx: 5 } },
      { kind: 'point', point: { xPx: 5, yPx: -1 } },
      { kind: 'structure', structureId: 99 },
    ];
    for (const place of places) {
      expect(await codeOf({ type: 'set-target', place, ...SEEN })).toBe('ECHOLINE_PROCEDURE_PLACE');
    }
  });

  it('ECHOLINE_PROCEDURE_INJECTION: for a stop without a start, and a start in between', async () => {
    await command(START);
    const stop = { type: 'stop-injection', volumeMl: 1 };
    expect(await codeOf(stop)).toBe('ECHOLINE_PROCEDURE_INJECTION');
    await command({ type: 'start-injection', step: 'injection' });
    expect(await codeOf({ type: 'start-injection', step: 'aspirate' })).toBe(
      'ECHOLINE_PROCEDURE_INJECTION',
    );
    expect(await codeOf({ type: 'end-procedure' })).toBe('ECHOLINE_PROCEDURE_INJECTION');
    expect((await eventOf(stop)).kind).toBe('injection-stopped');
  });

  it('ECHOLINE_PROCEDURE_TIME: for a time before the event before, or in the future', async () => {
    const { atUs } = await eventOf(START);
    const note = { type: 'note', text: 'a' };
    expect(await codeOf({ ...note, atUs: atUs - 1 })).toBe('ECHOLINE_PROCEDURE_TIME');
    expect(await codeOf({ ...note, atUs: atUs + 60_000_000 })).toBe('ECHOLINE_PROCEDURE_TIME');
    expect((await eventOf({ ...note, atUs: atUs + 1 })).atUs).toBe(atUs + 1);
  });
});

describe('what else a service says about procedures', () => {
  it('closes a display whose command is not what the protocol says', async () => {
    await command(START);
    const answer = await command({ type: 'start-injection', step: 'squirt' });
    expect(answer).toMatchObject({ type: 'closed', code: 1002 });
    expect((await operator.heard('error')).details).toMatchObject({ field: 'step' });
  });

  it('lists its protocols', async () => {
    const response = await service.get('/v1/protocols');
    const { protocols } = (await response.json()) as { protocols: { id: string }[] };
    expect(protocols.map(({ id }) => id)).toContain('carpal-tunnel');
    expect(protocols).toHaveLength(16);
  });

  it('ECHOLINE_PROCEDURE_UNKNOWN: does not know a procedure that never was', async () => {
    const response = await service.get('/v1/procedures/none');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'ECHOLINE_PROCEDURE_UNKNOWN' });
  });
});
