import { describe, expect, it } from 'vitest';
import { DisplayClient } from '../../src/display/display-client.js';
import type { DisplaySocket } from '../../src/display/display-client-options.js';
import type { ConnectionState, RefusedMessage } from '../../src/display/display-events.js';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { ClockEstimate } from '../../src/protocol/clock-sync.js';
import { encodeFrameMessage } from '../../src/protocol/frame-message.js';
import type { CommandRefused, ProcedureMessage } from '../../src/protocol/procedure-messages.js';
import { SUBPROTOCOL_JSON } from '../../src/protocol/version.js';
import { sampleFrame, sampleOverlay, sampleStructure } from '../support/display-samples.js';

const WELCOME = {
  type: 'welcome',
  protocol: { major: 1, minor: 0 },
  role: 'observer',
  info: {
    stream: 'test',
    state: 'streaming',
    isSimulated: true,
    cartName: null,
    operatorName: null,
    engine: 'ready',
  },
  unacknowledgedOverlaysMax: 2,
  unacknowledgedFramesMax: 2,
  acknowledgeTimeoutMs: 5000,
  model: { id: 'guidenet', sha256: 'aa' },
  clock: { nowUs: 0 },
  notice: 'not a medical device',
};

class FakeSocket implements DisplaySocket {
  binaryType = 'blob';
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  constructor(url: string) {
    this.url = url;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as never);
  }
  saysFrame(frame: Frame): void {
    this.onmessage?.({ data: encodeFrameMessage(frame).buffer } as never);
  }
  breaks(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason } as never);
  }
  acks(what: string): unknown[] {
    return this.sent.filter((sent) => sent.type === 'ack' && sent.what === what);
  }
}

/** Lets promises of the client run on: they never wait for time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

function setUp(
  requestTicket: () => Promise<string | null> = async () => null,
  role?: 'observer' | 'operator',
) {
  const sockets: FakeSocket[] = [];
  const timers: { atUs: number; callback: () => void }[] = [];
  const states: ConnectionState[] = [];
  const frames: { frame: Frame; done: () => void }[] = [];
  const overlays: Overlay[] = [];
  const refused: RefusedMessage[] = [];
  const clocks: ClockEstimate[] = [];
  const procedures: ProcedureMessage[] = [];
  const refusals: CommandRefused[] = [];
  let nowUs = 1_000_000;
  const client = new DisplayClient({
    url: 'ws://host/v1/streams/s/overlays',
    name: 'test',
    wantFrames: true,
    ...(role !== undefined && { role }),
    events: {
      connection: (state) => states.push(state),
      welcome: () => {},
      stream: () => {},
      clock: (estimate) => clocks.push(estimate),
      frame: (frame) => new Promise((done) => frames.push({ frame, done })),
      overlay: (overlay) => overlays.push(overlay),
      refused: (message) => refused.push(message),
      procedure: (message) => procedures.push(message),
      commandRefused: (refusal) => refusals.push(refusal),
    },
    createSocket(url, subprotocol) {
      expect(subprotocol).toBe(SUBPROTOCOL_JSON);
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    requestTicket,
    nowUs: () => nowUs,
    schedule(callback, delayMs) {
      const timer = { atUs: nowUs + delayMs * 1000, callback };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    random: () => 0,
  });
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return {
    client,
    sockets,
    states,
    frames,
    overlays,
    refused,
    clocks,
    procedures,
    refusals,
    last,
    /** Lets time pass; due timers run in order. */
    async pass(ms: number) {
      const untilUs = nowUs + ms * 1000;
      for (;;) {
        timers.sort((a, b) => a.atUs - b.atUs);
        const [next] = timers;
        if (next === undefined || next.atUs > untilUs) break;
        timers.shift();
        nowUs = next.atUs;
        next.callback();
        await settle();
      }
      nowUs = untilUs;
    },
    async welcome() {
      client.start();
      await settle();
      last().onopen?.({} as never);
      last().says(WELCOME);
    },
  };
}

describe('connecting', () => {
  it('asks for frames, says hello, and is connected at the welcome', async () => {
    const display = setUp();
    await display.welcome();
    expect(display.last().url).toBe('ws://host/v1/streams/s/overlays?frames=1');
    expect(display.last().binaryType).toBe('arraybuffer');
    expect(display.last().sent[0]).toEqual({
      type: 'hello',
      protocol: { major: 1, minor: 0 },
      name: 'test',
      clock: { nowUs: 1_000_000 },
    });
    expect(display.states.map(({ phase }) => phase)).toEqual(['connecting', 'connected']);
  });

  it('buys a new ticket for every connection', async () => {
    let bought = 0;
    const display = setUp(async () => `ticket-${++bought}`);
    await display.welcome();
    display.last().breaks();
    await display.pass(500);
    expect(display.sockets.map(({ url }) => url.split('ticket=')[1])).toEqual([
      'ticket-1',
      'ticket-2',
    ]);
  });

  it('says why when it gets no ticket, and tries again', async () => {
    const display = setUp(async () => {
      throw new Error('wants a token');
    });
    display.client.start();
    await settle();
    expect(display.states.at(-1)).toMatchObject({ phase: 'waiting', reason: 'wants a token' });
    expect(display.sockets).toEqual([]);
  });

  it('gives up on a service that does not welcome it within 5 s', async () => {
    const display = setUp();
    display.client.start();
    await settle();
    await display.pass(5000);
    expect(display.sockets[0]?.isClosed).toBe(true);
    expect(display.states.at(-1)?.phase).toBe('waiting');
  });
});

describe('coming back', () => {
  it('waits longer after every failure, and starts over after a welcome', async () => {
    const display = setUp();
    await display.welcome();
    for (let failure = 0; failure < 6; failure += 1) {
      display.last().breaks();
      await display.pass(5000);
    }
    const waits = display.states.flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 2500]);
    display.last().says(WELCOME);
    display.last().breaks();
    expect(display.states.at(-1)?.retryInMs).toBe(125);
  });

  it('comes back when a bye said so', async () => {
    const display = setUp();
    await display.welcome();
    display.last().says({ type: 'bye', reason: 'restarting', reconnectAfterMs: 3000 });
    display.last().breaks(1001);
    expect(display.states.at(-1)).toEqual({
      phase: 'waiting',
      reason: 'restarting',
      retryInMs: 3000,
    });
    await display.pass(2999);
    expect(display.sockets).toHaveLength(1);
    await display.pass(1);
    expect(display.sockets).toHaveLength(2);
  });

  it('does not blame a bye that left the connection open for its later end', async () => {
    const display = setUp();
    await display.welcome();
    display.last().says({ type: 'bye', reason: 'engines died too often', reconnectAfterMs: 2000 });
    display.last().breaks(1006);
    expect(display.states.at(-1)).toMatchObject({
      phase: 'waiting',
      reason: 'the connection broke',
    });
    expect(display.states.at(-1)?.retryInMs).toBeLessThan(2000);
  });

  it('stays away when a bye asked for it', async () => {
    const display = setUp();
    await display.welcome();
    display.last().says({ type: 'bye', reason: 'stream removed', reconnectAfterMs: null });
    display.last().breaks(1000);
    await display.pass(60_000);
    expect(display.sockets).toHaveLength(1);
    expect(display.states.at(-1)).toMatchObject({ phase: 'ended', reason: 'stream removed' });
  });

  it('stays away from a service of another version', async () => {
    const display = setUp();
    await display.welcome();
    display.last().breaks(4003);
    expect(display.states.at(-1)?.phase).toBe('ended');
  });

  it('leaves a connection on which nothing is answered any more', async () => {
    const display = setUp();
    await display.welcome();
    await display.pass(9000);
    expect(display.sockets[0]?.isClosed).toBe(true);
    expect(display.sockets.length).toBeGreaterThan(1);
  });

  it('ends once and for all when it is closed, however often', async () => {
    const display = setUp();
    await display.welcome();
    display.client.close();
    display.client.close();
    await display.pass(60_000);
    expect(display.sockets).toHaveLength(1);
    expect(display.sockets[0]?.isClosed).toBe(true);
    expect(display.states.filter(({ phase }) => phase === 'ended')).toHaveLength(1);
  });
});

describe('commands', () => {
  const command = { type: 'confirm-side', commandId: 'c1', side: 'left' } as const;

  it('are sent by an operator, and their answers are told', async () => {
    const display = setUp(undefined, 'operator');
    await display.welcome();
    expect(display.last().sent[0]).toMatchObject({ type: 'hello', role: 'operator' });
    expect(display.client.send(command)).toBe(true);
    expect(display.last().sent.at(-1)).toEqual(command);
    display.last().says({ type: 'procedure', state: null, event: null, commandId: 'c1' });
    const refusal = { commandId: 'c1', code: 'ECHOLINE_AUTH_NOT_OPERATOR', message: 'words' };
    display.last().says({ type: 'command-refused', ...refusal });
    expect(display.procedures).toMatchObject([{ commandId: 'c1' }]);
    expect(display.refusals).toMatchObject([refusal]);
  });

  it('are not kept for later while there is no connection', async () => {
    const display = setUp(undefined, 'operator');
    expect(display.client.send(command)).toBe(false);
    await display.welcome();
    display.last().breaks();
    expect(display.client.send(command)).toBe(false);
    await display.pass(200);
    display.last().onopen?.({} as never);
    display.last().says(WELCOME);
    expect(display.last().sent.some(({ type }) => type === 'confirm-side')).toBe(false);
    expect(display.client.send(command)).toBe(true);
  });
});

const POINT = { xPx: 1, yPx: 1 };
const NERVE = sampleStructure('nerve', 1, 1, 5, 5);
const LOST = { ...sampleOverlay(sampleFrame(7)).needle, state: 'lost' };

describe('overlays', () => {
  it('are handed over and acknowledged', async () => {
    const display = setUp();
    await display.welcome();
    const overlay = sampleOverlay(sampleFrame(7));
    display.last().says(overlay);
    expect(display.overlays).toEqual([overlay]);
    expect(display.last().acks('overlay')).toEqual([
      { type: 'ack', epoch: 0, frameId: 7, what: 'overlay' },
    ]);
  });

  it.each([
    ['a coordinate that is no number', { needle: { state: 'tip-visible', tip: { xPx: 'x' } } }],
    ['a missing part', { structures: undefined }],
    ['ten thousand points', { structures: [{ ...NERVE, contour: Array(10_000).fill(POINT) }] }],
    ['a tip in a state that has none', { needle: { ...LOST, tip: POINT } }],
    ['words about another stream', { stream: 'other' }],
    ['markup for a class', { structures: [{ class: '<img src=x onerror=alert(1)>' }] }],
  ])('with %s are refused, counted and still acknowledged', async (_title, changes) => {
    const display = setUp();
    await display.welcome();
    display.last().says({ ...sampleOverlay(sampleFrame(7)), ...changes });
    expect(display.overlays).toEqual([]);
    expect(display.refused).toMatchObject([{ what: 'overlay' }]);
    expect(display.last().acks('overlay')).toHaveLength(1);
  });

  it('a message that is not JSON is refused and nothing breaks', async () => {
    const display = setUp();
    await display.welcome();
    display.last().onmessage?.({ data: '{"type":"overlay"' } as never);
    expect(display.refused).toMatchObject([{ what: 'control' }]);
    display.last().says(sampleOverlay(sampleFrame(1)));
    expect(display.overlays).toHaveLength(1);
  });

  it('without a listener are acknowledged all the same', async () => {
    const socket = new FakeSocket('');
    const client = new DisplayClient({
      url: 'ws://host/v1/streams/test/overlays',
      name: 'deaf',
      wantFrames: false,
      events: {},
      createSocket: () => socket,
      requestTicket: async () => null,
      nowUs: () => 0,
      schedule: () => () => {},
      random: () => 0,
    });
    client.start();
    await settle();
    socket.says(WELCOME);
    socket.says(sampleOverlay(sampleFrame(7)));
    socket.saysFrame(sampleFrame(7));
    await settle();
    expect(socket.acks('overlay')).toHaveLength(1);
    expect(socket.acks('frame')).toHaveLength(1);
  });

  it('a message of a type that a newer service may send is passed over', async () => {
    const display = setUp();
    await display.welcome();
    display.last().says({ type: 'weather' });
    expect(display.refused).toEqual([]);
  });
});

describe('frames', () => {
  it('are acknowledged when they were handled, and only the newest waits', async () => {
    const display = setUp();
    await display.welcome();
    for (const frameId of [1, 2, 3, 4]) display.last().saysFrame(sampleFrame(frameId));
    expect(display.frames.map(({ frame }) => frame.frameId)).toEqual([1]);
    expect(display.last().acks('frame')).toEqual([]);
    display.frames[0]?.done();
    await settle();
    expect(display.frames.map(({ frame }) => frame.frameId)).toEqual([1, 4]);
    display.frames[1]?.done();
    await settle();
    expect(display.last().acks('frame')).toMatchObject([{ frameId: 1 }, { frameId: 4 }]);
  });

  it('that are broken are refused and acknowledged by the identity that can be read', async () => {
    const display = setUp();
    await display.welcome();
    const bytes = encodeFrameMessage(sampleFrame(9));
    bytes[10] = 99;
    display.last().onmessage?.({ data: bytes.buffer } as never);
    expect(display.refused).toMatchObject([{ what: 'frame' }]);
    expect(display.refused[0]?.reason).toContain('format');
    expect(display.last().acks('frame')).toMatchObject([{ frameId: 9 }]);
  });

  it('of a connection that is gone are not acknowledged on the next one', async () => {
    const display = setUp();
    await display.welcome();
    display.last().saysFrame(sampleFrame(1));
    display.last().breaks();
    await display.pass(200);
    display.last().says(WELCOME);
    display.frames[0]?.done();
    await settle();
    expect(display.last().acks('frame')).toEqual([]);
  });
});

describe('clocks', () => {
  it('are related by exchanges that the display starts', async () => {
    const display = setUp();
    await display.welcome();
    const request = display.last().sent.find(({ type }) => type === 'clock');
    await display.pass(4);
    const t0Us = Number(request?.t0Us);
    display.last().says({ type: 'clock-reply', t0Us, t1Us: t0Us + 700_000, t2Us: t0Us + 700_000 });
    // 4 ms there and back: the offset is known within 2 ms.
    expect(display.clocks[0]?.offsetUs).toBeCloseTo(698_000, 0);
    expect(display.clocks[0]?.uncertaintyUs).toBeCloseTo(2000, 0);
  });

  it('are told to a service that asks', async () => {
    const display = setUp();
    await display.welcome();
    display.last().says({ type: 'clock', t0Us: 5 });
    expect(display.last().sent.at(-1)).toMatchObject({
      type: 'clock-reply',
      t0Us: 5,
      t1Us: 1_000_000,
      t2Us: 1_000_000,
    });
  });
});
