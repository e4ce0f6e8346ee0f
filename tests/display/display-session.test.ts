import { describe, expect, it } from 'vitest';
import { type ArrivedFrame, createDisplaySession } from '../../src/display/display-session.js';
import type { Frame } from '../../src/domain/frame.js';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';
import { AT_RISK } from '../support/page-scene.js';

const MS = 1000;
const INFO = {
  stream: 's',
  state: 'streaming',
  isSimulated: false,
  cartName: null,
  operatorName: null,
  engine: 'ready',
} as const;

function setUp() {
  const released: number[] = [];
  const session = createDisplaySession<string>((frame) => released.push(frame.frameId));
  return {
    session,
    released,
    arrive(frame: Frame, nowUs: number) {
      const { payload: _payload, ...meta } = frame;
      const arrived: ArrivedFrame<string> = { ...meta, picture: 'picture', receivedAtUs: nowUs };
      session.noteFrame(frame, nowUs);
      session.offerFrame(arrived);
    },
  };
}

const withNeedle = (frame: Frame): Overlay =>
  sampleOverlay(frame, { needle: visibleNeedle(50, 50) });

describe('what one display knows of a stream', () => {
  it('waits before the first frame', () => {
    const { session } = setUp();
    expect(session.view(0)).toMatchObject({
      shown: null,
      current: null,
      staleness: { state: 'WAITING' },
    });
  });

  it('goes LIVE, STALE and LOST as time passes', () => {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1);
    arrive(frame, 0);
    session.offerOverlay(withNeedle(frame), 0);
    const stateAt = (ms: number) => session.view(ms * MS).staleness.state;
    expect([1, 199, 201, 999, 1000].map(stateAt)).toEqual([
      'LIVE',
      'LIVE',
      'STALE',
      'STALE',
      'LOST',
    ]);
  });

  it('never shows an older picture again, but a new cart from its first frame on', () => {
    const { session, released, arrive } = setUp();
    const shownAfter = (id: number, ms: number) => {
      arrive(sampleFrame(id), ms * MS);
      return session.view((ms + 31) * MS).shown?.frame.frameId;
    };
    expect(shownAfter(5, 0)).toBe(5);
    expect(shownAfter(4, 50)).toBe(5);
    expect(shownAfter(5, 100)).toBe(5);
    expect(released).toEqual([4, 5]);
    session.setInfo({ ...INFO, state: 'closed' });
    expect(shownAfter(1, 150)).toBe(1);
  });

  it('never gives the words of an old overlay as current', () => {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1);
    arrive(frame, 0);
    session.offerOverlay(withNeedle(frame), 0);
    expect(session.view(MS).current?.needle.state).toBe('tip-visible');
    for (const ms of [201, 1500]) expect(session.view(ms * MS).current).toBeNull();
  });

  it('is STALE when overlays only come for frames that have gone', () => {
    const { session, arrive } = setUp();
    const first = sampleFrame(0);
    arrive(first, 0);
    session.offerOverlay(withNeedle(first), 0);
    session.view(0);
    for (let id = 1; id <= 12; id += 1) {
      arrive(sampleFrame(id), id * 33 * MS);
      session.view(id * 33 * MS);
      session.offerOverlay(withNeedle(sampleFrame(id - 2)), 0);
      session.view(id * 33 * MS + 31 * MS);
    }
    const view = session.view(12 * 33 * MS + 32 * MS);
    expect(view.staleness.state).toBe('STALE');
    expect(view.shown?.overlay).toBeNull();
    expect(session.figures(0).counts.unmatchedOverlays).toBeGreaterThanOrEqual(10);
  });

  it('is UNAVAILABLE at once when the service or an overlay says that there is no engine', () => {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1);
    arrive(frame, 0);
    session.offerOverlay(withNeedle(frame), 0);
    session.setInfo({ ...INFO, engine: 'unavailable' });
    expect(session.view(MS).staleness.state).toBe('UNAVAILABLE');
    session.setInfo(INFO);
    expect(session.view(MS).staleness.state).toBe('LIVE');
    const next = sampleFrame(2);
    // The overlay of a failed frame comes too late to be matched, and counts nevertheless.
    session.offerOverlay(
      sampleOverlay(next, { guidance: unavailableGuidance(['engine-unavailable']) }),
      0,
    );
    expect(session.view(MS).staleness.state).toBe('UNAVAILABLE');
  });

  it('stays LIVE when guidance is unavailable only because no needle is seen', () => {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1);
    arrive(frame, 0);
    const guidance = unavailableGuidance(['needle-not-seen']);
    session.offerOverlay(sampleOverlay(frame, { guidance }), 0);
    expect(session.view(MS).staleness.state).toBe('LIVE');
  });

  it('keeps the overlay of a frozen frame, and of no other', () => {
    const { session, arrive } = setUp();
    const flags = { isFrozen: true, geometryChanged: false, mayCarryText: false };
    const frozen = sampleFrame(2, { flags });
    const before = sampleFrame(1);
    arrive(before, 0);
    session.offerOverlay(withNeedle(before), 0);
    session.view(0);
    arrive(frozen, 33 * MS);
    const bare = session.view(70 * MS);
    expect(bare).toMatchObject({ staleness: { state: 'FROZEN' }, current: null });
    session.offerOverlay(withNeedle(frozen), 0);
    expect(session.view(900 * MS)).toMatchObject({
      staleness: { state: 'FROZEN', overlayOpacity: 1 },
      current: { frameId: 2 },
    });
  });

  it('gives no advice on a frozen picture', () => {
    const flags = { isFrozen: true, geometryChanged: false, mayCarryText: false };
    const advise = (frame: Frame): Overlay => {
      const { guidance, ...rest } = withNeedle(frame);
      return { ...rest, guidance: { ...guidance, advisories: [AT_RISK] } };
    };
    const { session, arrive } = setUp();
    arrive(sampleFrame(1), 0);
    session.offerOverlay(advise(sampleFrame(1)), 0);
    expect(session.view(MS).advisories).toEqual([AT_RISK]);
    const frozen = sampleFrame(2, { flags });
    arrive(frozen, 33 * MS);
    session.offerOverlay(advise(frozen), 33 * MS);
    const view = session.view(34 * MS);
    expect(view.current?.frameId).toBe(2);
    expect(view.advisories).toEqual([]);
  });

  it('leaves out an overlay in the pixels of another size, and calls it invalid', () => {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1);
    arrive(frame, 0);
    session.offerOverlay({ ...withNeedle(frame), image: { widthPx: 400, heightPx: 320 } }, 0);
    const view = session.view(MS);
    expect(view.shown).toMatchObject({ frame: { frameId: 1 }, overlay: null });
    expect(view).toMatchObject({ fault: 'overlay-invalid', current: null });
  });

  it('says that an overlay was refused, and that overlays come without pictures', () => {
    const { session } = setUp();
    session.noteRefused({ what: 'overlay', reason: 'words' }, 0);
    expect(session.view(MS).fault).toBe('overlay-invalid');
    for (let ms = 3000; ms <= 4000; ms += 100)
      session.offerOverlay(withNeedle(sampleFrame(1)), ms * MS);
    expect(session.view(4001 * MS)).toMatchObject({
      fault: 'overlays-without-frames',
      shown: null,
      staleness: { state: 'WAITING' },
    });
  });

  it('widens its limits for a slow stream', () => {
    const { session, arrive } = setUp();
    for (let id = 0; id < 3; id += 1) {
      const frame = sampleFrame(id, { captureTimeUs: id * 150 * MS });
      arrive(frame, id * 150 * MS);
      session.offerOverlay(withNeedle(frame), 0);
      session.view(id * 150 * MS);
    }
    // 150 ms a frame: fades above 225 ms, hidden above 375 ms.
    expect(session.view((300 + 220) * MS).staleness).toEqual({ state: 'LIVE', overlayOpacity: 1 });
    expect(session.view((300 + 370) * MS).staleness.state).toBe('LIVE');
    expect(session.view((300 + 380) * MS).staleness.state).toBe('STALE');
  });
});

describe('age and latency across clocks', () => {
  const clockOf = (uncertaintyUs: number) => ({
    receivedAtUs: 5_030_000,
    publishedAtUs: 5_038_000,
    // Service − cart.
    cartOffsetUs: 4_000_000,
    uncertaintyUs,
  });

  /** The frame was captured at 1.000 s of the cart, 5.000 s of the service, 3.000 s here. */
  function show(cartUncertaintyUs: number, withClock: boolean) {
    const { session, arrive } = setUp();
    const frame = sampleFrame(1, { captureTimeUs: 1_000_000 });
    if (withClock) session.setClock({ offsetUs: 2_000_000, uncertaintyUs: 500 });
    arrive(frame, 3_050_000);
    session.offerOverlay(sampleOverlay(frame, { clock: clockOf(cartUncertaintyUs) }), 0);
    const view = session.view(3_060_000);
    return { view, latency: session.figures(3_060_000).latency };
  }

  it('are measured from the capture, with both uncertainties', () => {
    const { view, latency } = show(1500, true);
    expect(view.overlayAge).toEqual({ ageMs: 60, uncertaintyMs: 2, since: 'grab' });
    expect(latency).toEqual({ kind: 'capture-to-display', medianMs: 60, uncertaintyMs: 2 });
  });

  it('state no latency across clocks that are not certain to 5 ms', () => {
    const { view, latency } = show(10_000, true);
    expect(view.overlayAge?.since).toBe('grab');
    expect(latency).toEqual({ kind: 'receive-to-publish', medianMs: 8, uncertaintyMs: 0 });
  });

  it('fall back to the receipt without clocks', () => {
    const { view, latency } = show(1500, false);
    expect(view.overlayAge).toEqual({ ageMs: 10, uncertaintyMs: 0, since: 'received' });
    expect(latency?.kind).toBe('receive-to-publish');
  });
});
