import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameMatcher, type Matchable } from '../../src/display/frame-matcher.js';

interface Item extends Matchable {
  readonly name?: string;
}

const MS = 1000;
const item = (frameId: number, changes: Partial<Item> = {}): Item => ({
  epoch: 0,
  frameId,
  captureTimeUs: frameId * 33 * MS,
  ...changes,
});

function setUp() {
  const released: number[] = [];
  const matcher = createFrameMatcher<Item, Item>((frame) => released.push(frame.frameId));
  return { matcher, released };
}

describe('a frame and its overlay', () => {
  it('shows nothing before the first frame', () => {
    expect(setUp().matcher.advance(0)).toBeNull();
  });

  it('shows a frame as soon as its own overlay is there', () => {
    const { matcher } = setUp();
    matcher.offerFrame(item(1), 0);
    expect(matcher.advance(10 * MS)).toBeNull();
    matcher.offerOverlay(item(1));
    expect(matcher.advance(11 * MS)).toEqual({ frame: item(1), overlay: item(1) });
  });

  it('shows a frame bare after 30 ms and not before', () => {
    const { matcher } = setUp();
    matcher.offerFrame(item(1), 5 * MS);
    expect(matcher.advance(35 * MS - 1)).toBeNull();
    expect(matcher.advance(35 * MS)).toEqual({ frame: item(1), overlay: null });
    expect(matcher.counts()).toMatchObject({ shown: 1, withOverlay: 0 });
  });

  it('adds an overlay that comes while its bare frame is still on the screen', () => {
    const { matcher } = setUp();
    matcher.offerFrame(item(1), 0);
    matcher.advance(30 * MS);
    matcher.offerOverlay(item(1));
    expect(matcher.advance(40 * MS)).toEqual({ frame: item(1), overlay: item(1) });
    expect(matcher.counts()).toMatchObject({ shown: 1, withOverlay: 1 });
  });

  it('keeps an overlay that comes before its frame', () => {
    const { matcher } = setUp();
    matcher.offerOverlay(item(1));
    matcher.offerFrame(item(1), 0);
    expect(matcher.advance(0)?.overlay).toEqual(item(1));
  });

  it('never draws an overlay on another frame, epoch or capture time', () => {
    for (const other of [
      item(2),
      item(1, { epoch: 1 }),
      // A new cart that counts from the same number as the old one did.
      item(1, { captureTimeUs: 7 }),
    ]) {
      const { matcher } = setUp();
      matcher.offerFrame(item(1), 0);
      matcher.offerOverlay(other);
      expect(matcher.advance(30 * MS)).toEqual({ frame: item(1), overlay: null });
    }
  });

  it('drops and counts an overlay whose frame has been replaced on the screen', () => {
    const { matcher } = setUp();
    matcher.offerFrame(item(1), 0);
    matcher.offerFrame(item(2), 1);
    matcher.advance(40 * MS);
    matcher.offerOverlay(item(1));
    expect(matcher.advance(41 * MS)).toEqual({ frame: item(2), overlay: null });
    expect(matcher.counts().unmatchedOverlays).toBe(1);
  });
});

describe('newest only', () => {
  it('skips to the newest frame that is ready and releases the older ones', () => {
    const { matcher, released } = setUp();
    for (const frameId of [1, 2, 3]) matcher.offerFrame(item(frameId), frameId);
    matcher.offerOverlay(item(2));
    expect(matcher.advance(10)?.frame.frameId).toBe(2);
    expect(released).toEqual([1]);
    expect(matcher.advance(30 * MS + 3)?.frame.frameId).toBe(3);
    expect(released).toEqual([1, 2]);
    expect(matcher.counts()).toMatchObject({ shown: 2, withOverlay: 1, skipped: 1 });
  });

  it('shows an overlay on every frame at 60 fps although each comes 20 ms late', () => {
    const { matcher } = setUp();
    let overlaid = 0;
    for (let tick = 0; tick < 600; tick += 1) {
      const nowMs = tick;
      if (nowMs % 16 === 0) matcher.offerFrame(item(nowMs / 16), nowMs * MS);
      if (nowMs >= 20 && (nowMs - 20) % 16 === 0) matcher.offerOverlay(item((nowMs - 20) / 16));
      if (matcher.advance(nowMs * MS)?.overlay !== null) overlaid += 1;
    }
    expect(overlaid).toBeGreaterThanOrEqual(580);
    expect(matcher.counts()).toMatchObject({ skipped: 0, unmatchedOverlays: 0 });
  });

  it('holds at most five frames when nobody looks, as in a tab in the background', () => {
    const { matcher, released } = setUp();
    for (let frameId = 0; frameId < 1000; frameId += 1) matcher.offerFrame(item(frameId), frameId);
    expect(released).toHaveLength(995);
    expect(matcher.advance(1e9)?.frame.frameId).toBe(999);
  });

  it('pairs only equals, shows frames in order and releases each once, whatever the order', () => {
    const step = fc.record({
      kind: fc.constantFrom('frame', 'overlay', 'advance'),
      id: fc.integer({ min: 0, max: 12 }),
      waitMs: fc.integer({ min: 0, max: 25 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { matcher, released } = setUp();
        let nowUs = 0;
        let nextId = 0;
        let lastShown = -1;
        for (const { kind, id, waitMs } of steps) {
          nowUs += waitMs * MS;
          if (kind === 'frame') matcher.offerFrame(item(nextId++), nowUs);
          if (kind === 'overlay') matcher.offerOverlay(item(id));
          const shown = matcher.advance(nowUs);
          if (shown === null) continue;
          expect(shown.overlay?.frameId ?? shown.frame.frameId).toBe(shown.frame.frameId);
          expect(shown.frame.frameId).toBeGreaterThanOrEqual(lastShown);
          expect(released).not.toContain(shown.frame.frameId);
          lastShown = shown.frame.frameId;
        }
        expect(new Set(released).size).toBe(released.length);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});
