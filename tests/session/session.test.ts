import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EcholineError } from '../../src/domain/errors.js';
import type { Frame } from '../../src/domain/frame.js';
import type { StreamInfo, VerdictMessage } from '../../src/protocol/control-messages.js';
import type { ProcedureMessage } from '../../src/protocol/procedure-messages.js';
import type { FrameOutcome } from '../../src/session/frame-outcome.js';
import { Session } from '../../src/session/session.js';
import type { CartClock, CartLink } from '../../src/session/session-listener.js';
import { createFakeEngine } from '../support/fake-engine-stream.js';
import { testFrame } from '../support/frames.js';
import { testProcedures } from '../support/procedures.js';

const MESSAGE = new Uint8Array(1000);

interface TestCart extends CartLink {
  readonly verdicts: VerdictMessage[];
}

function createCart(clock: CartClock | null = null): TestCart {
  const verdicts: VerdictMessage[] = [];
  return {
    verdicts,
    name: 'cart',
    isSimulated: false,
    clock: () => clock,
    onVerdict: (message) => verdicts.push(message),
  };
}

function createWorld() {
  let nowUs = 1_000_000;
  const engine = createFakeEngine();
  const frames: Frame[] = [];
  const outcomes: FrameOutcome[] = [];
  const infos: StreamInfo[] = [];
  const procedures: ProcedureMessage[] = [];
  const session = new Session({
    streamId: 's',
    frameAgeMaxMs: 200,
    cartStalledMs: 1000,
    memoryBytesMax: 2500,
    readClockUs: () => nowUs,
    openEngineStream: (listener) => engine.open(listener),
    openRecording: null,
    observer: { onOffered() {}, onVerdict() {}, onProcessed() {} },
    procedures: testProcedures(),
    onJourney: null,
    createListener: () => ({
      onProcedure: (message) => procedures.push(message),
      onFrame: (frame) => frames.push(frame),
      onOutcome: (outcome) => outcomes.push(outcome),
      onInfo: (info) => infos.push(info),
    }),
  });
  const cart = createCart();
  return {
    session,
    engine,
    cart,
    frames,
    outcomes,
    infos,
    procedures,
    advance(us: number) {
      nowUs += us;
    },
    now: () => nowUs,
    offer: (frame: Frame, from: CartLink = cart) => session.offerFrame(from, frame, MESSAGE, nowUs),
    kinds: () => cart.verdicts.map(({ verdict, frameId }) => `${verdict} ${frameId}`),
  };
}

describe('a session', () => {
  it('relays every frame before admission and gives each one verdict', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    for (let frameId = 1; frameId <= 4; frameId += 1) world.offer(testFrame(frameId));
    world.engine.answer();
    world.engine.answer();

    expect(world.frames.map(({ frameId }) => frameId)).toEqual([1, 2, 3, 4]);
    expect(world.kinds()).toEqual(['superseded 2', 'superseded 3', 'ok 1', 'ok 4']);
    expect(world.session.ledger.pending).toBe(0);
  });

  it('expires a frame that waited too long, by receive time without a synchronised clock', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.offer(testFrame(2));
    world.advance(200_000);
    world.engine.answer();

    expect(world.kinds()).toEqual(['ok 1', 'expired 2']);
    expect(world.cart.verdicts[1]?.reason?.code).toBe('ECHOLINE_FRAME_EXPIRED');
  });

  it.each([
    [5000, 'expired 1'],
    [5001, undefined],
  ])('with a clock known to %i µs an old capture gives %s', (uncertaintyUs, expected) => {
    const world = createWorld();
    const cart = createCart({ cartOffsetUs: 0, uncertaintyUs });
    world.session.attachCart(cart);
    world.offer(testFrame(1, { captureTimeUs: world.now() - 300_000 }), cart);

    const [verdict] = cart.verdicts;
    expect(verdict && `${verdict.verdict} ${verdict.frameId}`).toBe(expected);
  });

  it('expires what waits when the cart leaves, and still settles what is in flight', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.offer(testFrame(2));
    world.session.detachCart(world.cart);

    expect(world.kinds()).toEqual(['expired 2']);
    expect(world.session.isInUse).toBe(true);
    expect(world.engine.closed).toBe(0);
    world.engine.answer();
    expect(world.kinds()).toEqual(['expired 2', 'ok 1']);
    expect(world.engine.closed).toBe(1);
    expect(world.session.isInUse).toBe(false);
    expect(world.infos.at(-1)?.state).toBe('closed');
  });

  it('ECHOLINE_SESSION_STREAM_TAKEN: keeps the first cart', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    expect(() => world.session.attachCart(createCart())).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_SESSION_STREAM_TAKEN' }),
    );
    world.session.detachCart(createCart());
    expect(world.session.hasCart).toBe(true);
  });

  it('ECHOLINE_SESSION_MEMORY: refuses a frame above the budget of its stream', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    const error = world.session.offerFrame(
      world.cart,
      testFrame(2),
      new Uint8Array(1501),
      world.now(),
    );

    expect(error?.code).toBe('ECHOLINE_SESSION_MEMORY');
    expect(world.kinds()).toEqual(['invalid 2']);
  });

  it('counts frames it could not read', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    const error = new EcholineError('ECHOLINE_PROTOCOL_BAD_MAGIC', 'no magic');
    world.session.offerBroken(world.cart, null, error);

    expect(world.session.ledger.offered).toBe(1);
    expect(world.session.ledger.counts.invalid).toBe(1);
    expect(world.cart.verdicts[0]).toMatchObject({ frameId: null, epoch: null, credits: 1 });
  });

  it('stalls after silence and streams again with the next frame', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.advance(999_999);
    world.session.tick(world.now());
    expect(world.session.state).toBe('streaming');
    world.advance(1);
    world.session.tick(world.now());
    expect(world.session.state).toBe('stalled');
    world.offer(testFrame(2));
    expect(world.session.state).toBe('streaming');
  });
});

describe('when the engine dies', () => {
  it('fails the frame in flight, moves the waiting one to the spare, raises the track epoch', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.offer(testFrame(2));
    world.engine.die(true);
    world.engine.answer();

    expect(world.kinds()).toEqual(['failed 1', 'ok 2']);
    expect(world.outcomes.map(({ trackEpoch }) => trackEpoch)).toEqual([0, 1]);
    expect(world.outcomes[0]?.result).toEqual({ kind: 'none', reason: 'engine-unavailable' });
  });

  it('shows the break on the next frame when it died between two', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.engine.answer();
    world.engine.die(true);
    world.offer(testFrame(2));
    world.offer(testFrame(3));
    world.engine.answer();

    expect(world.kinds()).toEqual(['ok 1', 'failed 2', 'ok 3']);
    expect(world.outcomes.map(({ trackEpoch }) => trackEpoch)).toEqual([0, 1, 1]);
  });

  it('answers every frame as unavailable until an engine is there again', () => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.engine.die(false);
    world.offer(testFrame(2));
    world.offer(testFrame(3));
    expect(world.session.info().engine).toBe('unavailable');
    world.engine.recover();
    world.offer(testFrame(4));
    world.engine.answer();

    expect(world.kinds()).toEqual(['failed 1', 'failed 2', 'failed 3', 'ok 4']);
    expect(world.cart.verdicts[1]?.reason?.code).toBe('ECHOLINE_INFERENCE_UNAVAILABLE');
    expect(world.outcomes).toHaveLength(4);
    expect(world.session.info().engine).toBe('ready');
  });

  it.each([
    ['ECHOLINE_INFERENCE_FAILED', 'failed', 'inference-failed'],
    ['ECHOLINE_INFERENCE_TIMEOUT', 'failed', 'engine-unavailable'],
    ['ECHOLINE_FRAME_DECODE', 'invalid', 'decode-failed'],
  ] as const)('%s gives %s and an overlay that says %s', (code, kind, reason) => {
    const world = createWorld();
    world.session.attachCart(world.cart);
    world.offer(testFrame(1));
    world.engine.answer({ kind, error: { code, message: 'no', details: {} } });

    expect(world.kinds()).toEqual([`${kind} 1`]);
    expect(world.cart.verdicts[0]?.reason?.code).toBe(code);
    expect(world.outcomes[0]?.result).toEqual({ kind: 'none', reason });
  });
});

describe('whatever happens', () => {
  it('keeps offered equal to pending plus the sum of verdicts', () => {
    const event = fc.constantFrom('offer', 'repeat', 'broken', 'answer', 'die', 'away', 'recover');
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const world = createWorld();
        world.session.attachCart(world.cart);
        let frameId = 0;
        for (const kind of events) {
          world.advance(30_000);
          if (kind === 'offer') world.offer(testFrame(++frameId, SMALL));
          else if (kind === 'repeat') world.offer(testFrame(frameId, SMALL));
          else if (kind === 'answer') world.engine.answer();
          else if (kind === 'die') world.engine.die(true);
          else if (kind === 'away') world.engine.die(false);
          else if (kind === 'recover') world.engine.recover();
          else {
            const error = new EcholineError('ECHOLINE_PROTOCOL_TRUNCATED', 'cut');
            world.session.offerBroken(world.cart, null, error);
          }
          const { offered, pending, counts } = world.session.ledger;
          const settled = Object.values(counts).reduce((sum, count) => sum + count, 0);
          expect(offered).toBe(pending + settled);
          expect(settled).toBe(world.cart.verdicts.length);
          expect(pending).toBeLessThanOrEqual(2);
        }
        world.session.detachCart(world.cart);
        world.engine.answer();
        expect(world.session.ledger.pending).toBe(0);
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});

const SMALL = { widthPx: 8, heightPx: 8, strideBytes: 8, payload: new Uint8Array(64) };
