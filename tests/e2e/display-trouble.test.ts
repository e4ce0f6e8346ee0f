import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayFixture } from '../support/display-fixture.js';
import { type DisplayPage, until } from '../support/display-page.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  visibleNeedle,
} from '../support/display-samples.js';
import { pageForAllTests } from '../support/page-suite.js';

const MARKUP = JSON.stringify('<img src=x onerror=alert(1)>');
const MANY_POINTS = `"structures":${JSON.stringify([
  {
    ...sampleStructure('nerve', 0, 0, 1, 1),
    contour: Array.from({ length: 10_000 }, (_, at) => ({ xPx: at % 200, yPx: at % 160 })),
  },
])}`;

const title = browserTitle('the page in trouble');

/** One page for all: frames go on from test to test, as they do in a procedure. */
describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let fixture: DisplayFixture;
  let display: DisplayPage;
  let frameId = 0;
  let captureTimeUs = 0;

  pageForAllTests({
    viewport: { width: 1000, height: 700 },
    path: '#token=a-token',
    opened(open) {
      ({ fixture, display } = open);
    },
  });

  function nextFrame(intervalMs = 33, changes: Partial<Frame> = {}): Frame {
    frameId += 1;
    captureTimeUs += intervalMs * 1000;
    return sampleFrame(frameId, { captureTimeUs, ...changes });
  }
  const withNeedle = (frame: Frame): Overlay =>
    sampleOverlay(frame, { needle: visibleNeedle(60, 60) });

  async function untilRibbon(words: string): Promise<void> {
    await until(`the words "${words}"`, async () => {
      await display.pass(50);
      return (await display.isVisible('#ribbon')) && (await display.text('ribbon')).includes(words);
    });
  }

  it('says that overlays come without pictures, and draws none of them', async () => {
    for (let count = 0; count < 12; count += 1) {
      await display.sendOverlay(withNeedle(nextFrame()));
      await display.pass(100);
    }
    expect(await display.data('state')).toBe('WAITING');
    expect(await display.data('overlayFrameId')).toBe('');
    await untilRibbon('no picture');
  });

  it('shows pictures without overlays, and says that nobody looks at them', async () => {
    const frame = nextFrame();
    await display.show(frame, null);
    expect(await display.data('frameId')).toBe(String(frame.frameId));
    expect(await display.data('state')).toBe('UNAVAILABLE');
    await untilRibbon('No guidance');
  });

  it('shows every picture of 60 a second with its own overlay', async () => {
    for (let count = 0; count < 12; count += 1) {
      const frame = nextFrame(16);
      await display.show(frame, withNeedle(frame));
      expect(await display.data('overlayFrameId')).toBe(String(frame.frameId));
    }
    expect(await display.data('state')).toBe('LIVE');
  });

  it('gives the overlays of 10 pictures a second more time', async () => {
    for (let count = 0; count < 16; count += 1) {
      const frame = nextFrame(100);
      await display.show(frame, withNeedle(frame));
      if (count < 15) await display.pass(84);
    }
    await display.pass(112);
    expect(await display.data('overlay')).toBe('current');
    await display.pass(150);
    expect(await display.data('state')).toBe('STALE');
  });

  it('drops pictures that nobody had time to draw, and never queues them', async () => {
    // No animation frame: a slow machine, or a tab in the background.
    const frames = Array.from({ length: 60 }, () => nextFrame());
    for (const frame of frames) {
      fixture.sendFrame(frame);
      fixture.sendOverlay(withNeedle(frame));
    }
    const last = frames.at(-1);
    await until('the last acknowledgement', () =>
      fixture.acknowledgements.some((ack) => ack.what === 'frame' && ack.frameId === last?.frameId),
    );
    await display.pass(16);
    expect(await display.data('frameId')).toBe(String(last?.frameId));
    expect(await display.data('overlayFrameId')).toBe(String(last?.frameId));
    expect(await display.data('state')).toBe('LIVE');
  });

  it('follows a picture whose size changes, and refuses an overlay of the old size', async () => {
    const small = nextFrame();
    await display.show(small, withNeedle(small));
    const size = { widthPx: 320, heightPx: 120, strideBytes: 320 };
    const payload = new Uint8Array(320 * 120).fill(99);
    const large = nextFrame(33, { ...size, payload });
    await display.show(large, withNeedle(large));
    expect(await display.data('overlayFrameId')).toBe(String(large.frameId));
    expect(await display.pixelAt(large, { xPx: 300, yPx: 100 })).toEqual([99, 99, 99]);
    const next = nextFrame(33, { ...size, payload });
    await display.show(next, { ...withNeedle(next), image: { widthPx: 200, heightPx: 160 } });
    expect(await display.data('frameId')).toBe(String(next.frameId));
    expect(await display.data('overlayFrameId')).toBe('');
    await untilRibbon('OVERLAY INVALID');
    await display.pass(2500);
  });

  it('never draws an overlay that comes after a newer one', async () => {
    const older = nextFrame();
    const newer = nextFrame();
    await display.show(newer, withNeedle(newer));
    await display.sendOverlay(withNeedle(older));
    await display.pass(16);
    expect(await display.data('overlayFrameId')).toBe(String(newer.frameId));
  });

  it.each([
    ['a number that is none', (text: string) => text.replace('"xPx":60', '"xPx":1e999')],
    ['a number that is null', (text: string) => text.replace('"xPx":60', '"xPx":null')],
    ['markup where a state belongs', (text: string) => text.replace('"tip-visible"', MARKUP)],
    ['an end in the middle', (text: string) => text.slice(0, -200)],
    ['a contour of 10,000 points', (text: string) => text.replace('"structures":[]', MANY_POINTS)],
    ['two megabytes', (text: string) => text.replace('"guidenet"', `"${'x'.repeat(2e6)}"`)],
  ])('refuses an overlay with %s, visibly, and goes on', async (_title, spoil) => {
    await display.pass(2500);
    const frame = nextFrame();
    await display.sendFrame(frame);
    const text = spoil(JSON.stringify(withNeedle(frame)));
    expect(text).not.toBe(JSON.stringify(withNeedle(frame)));
    fixture.sendText(text);
    await untilRibbon('OVERLAY INVALID');
    expect(await display.data('overlayFrameId')).toBe('');
    const next = nextFrame();
    await display.show(next, withNeedle(next));
    expect(await display.data('state')).toBe('LIVE');
  });

  it('does not believe a clock that is minutes fast, and hides what would be minutes old', async () => {
    const before = fixture.clockReplyCount();
    await until('a clock exchange', async () => {
      await display.pass(50);
      return fixture.clockReplyCount() > before;
    });
    const minutesUs = 5 * 60_000_000;
    const at = async (errorUs: number): Promise<string | undefined> => {
      const frame = nextFrame();
      const cartOffsetUs = (fixture.serviceNowUs?.() ?? 0) - frame.captureTimeUs + errorUs;
      const overlay = withNeedle(frame);
      const clock = { ...overlay.clock, cartOffsetUs, uncertaintyUs: 400 };
      await display.show(frame, { ...overlay, clock });
      await display.pass(16);
      return display.data('state');
    };
    expect(await at(minutesUs)).toBe('LIVE');
    expect(await at(-minutesUs)).toBe('STALE');
    expect(await display.data('overlay')).toBe('hidden');
  });

  it('keeps saying why when its token has expired, and takes up where it was with a new one', async () => {
    const frame = nextFrame();
    await display.show(frame, withNeedle(frame));
    fixture.ticketStatus = 401;
    fixture.disconnect(null);
    await until('the loss', async () => {
      await display.pass(200);
      return (await display.data('state')) === 'LOST' && (await display.isVisible('#notice'));
    });
    await until('the reason', async () => {
      await display.pass(200);
      return /token/.test(await display.text('notice-text'));
    });
    fixture.ticketStatus = 200;
    await until('the next connection', async () => {
      await display.pass(200);
      return (await display.data('connection')) === 'connected';
    });
    const next = nextFrame();
    await display.show(next, withNeedle(next));
    expect(await display.data('state')).toBe('LIVE');
    expect(await display.data('overlayFrameId')).toBe(String(next.frameId));
    // The browser itself reports the refused tickets.
    const refusals = display.faults.filter((fault) => fault.includes('401'));
    display.faults.splice(0, refusals.length);
    expect(refusals.length).toBeGreaterThan(0);
  });
});
