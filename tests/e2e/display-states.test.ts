import { afterEach, describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayFixture } from '../support/display-fixture.js';
import { type DisplayPage, until } from '../support/display-page.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';
import { pageForEachTest } from '../support/page-suite.js';

const TIP = { xPx: 100, yPx: 80 };
const RADIUS_PX = 12;
/** A point of the ring, off the cross-hair and the shaft. */
const ON_RING = {
  xPx: TIP.xPx + RADIUS_PX * Math.SQRT1_2,
  yPx: TIP.yPx - RADIUS_PX * Math.SQRT1_2,
};
const GRAY = [40, 40, 40];

const title = browserTitle('what the page says');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let fixture: DisplayFixture;
  let display: DisplayPage;
  const frame = sampleFrame(1);
  const overlay: Overlay = sampleOverlay(frame, {
    needle: visibleNeedle(TIP.xPx, TIP.yPx, RADIUS_PX),
  });

  pageForEachTest({
    viewport: { width: 1280, height: 800 },
    opened(open) {
      ({ fixture, display } = open);
    },
  });
  afterEach(async () => {
    expect(await display.isVisible('#disclaimer')).toBe(true);
  });

  const ring = async (): Promise<number> => (await display.pixelAt(frame, ON_RING))[0];

  it('LIVE, with the needle in words and on the image that it belongs to', async () => {
    await display.show(frame, overlay);
    expect(await display.data('state')).toBe('LIVE');
    expect(await display.data('needleState')).toBe('tip-visible');
    expect(await display.data('frameId')).toBe('1');
    expect(await display.data('overlayFrameId')).toBe('1');
    expect(await display.text('state')).toBe('LIVE');
    expect(await display.text('needle-headline')).toBe('Tip visible');
    expect(await display.text('announcement')).toContain('tip-visible');
    await display.pass(200);
    expect(await display.text('model')).toBe('guidenet');
    expect(await display.text('stream')).toBe('test');
  });

  it('fades an ageing overlay, hides it as STALE, and calls the picture LOST after a second', async () => {
    await display.show(frame, overlay);
    const fresh = await ring();
    expect(fresh).toBeGreaterThan(200);
    await display.pass(84);
    expect(await ring()).toBe(fresh);
    await display.pass(64);
    expect(await display.data('overlay')).toBe('fading');
    const faded = await ring();
    expect(faded).toBeLessThan(fresh - 40);
    expect(faded).toBeGreaterThan(60);
    await display.pass(64);
    expect(await display.data('state')).toBe('STALE');
    expect(await display.data('overlay')).toBe('hidden');
    expect(await display.data('needleState')).toBe('unknown');
    expect(await display.text('needle-figures')).toBe('');
    expect(await display.pixelAt(frame, ON_RING)).toEqual(GRAY);
    expect(await display.text('ribbon')).toContain('too old');
    await display.pass(752);
    expect(await display.data('state')).toBe('STALE');
    await display.pass(64);
    expect(await display.data('state')).toBe('LOST');
    expect(await display.text('notice-title')).toBe('Image lost');
    // The picture is dark: nobody takes it for a live one.
    expect((await display.pixelAt(frame, { xPx: 20, yPx: 5 }))[0]).toBeLessThan(20);
  });

  it('shows a frame bare after 30 ms, and never with the overlay of another', async () => {
    await display.sendFrame(frame);
    await display.sendOverlay({ ...overlay, frameId: 2 });
    await display.pass(16);
    expect(await display.data('frameId')).toBe('');
    await display.pass(32);
    expect(await display.data('frameId')).toBe('1');
    expect(await display.data('overlayFrameId')).toBe('');
    expect(await display.pixelAt(frame, ON_RING)).toEqual(GRAY);
  });

  it('draws the newer frame with its own overlay when overlays come late and in a row', async () => {
    const second = sampleFrame(2);
    await display.sendFrame(frame);
    await display.sendFrame(second);
    await display.sendOverlay(overlay);
    await display.pass(16);
    expect(await display.data('overlayFrameId')).toBe('1');
    expect(await display.data('frameId')).toBe('1');
    await display.sendOverlay(sampleOverlay(second));
    await display.pass(16);
    expect(await display.data('overlayFrameId')).toBe('2');
    expect(await display.data('frameId')).toBe('2');
    expect(await display.pixelAt(frame, ON_RING)).toEqual(GRAY);
  });

  it('UNAVAILABLE at once when the engine is gone, while the picture goes on', async () => {
    await display.show(frame, overlay);
    fixture.sendInfo({ ...fixture.info, engine: 'unavailable' });
    const next = sampleFrame(2, { payload: new Uint8Array(200 * 160).fill(90) });
    await display.show(next, null);
    expect(await display.data('state')).toBe('UNAVAILABLE');
    expect(await display.data('frameId')).toBe('2');
    expect(await display.pixelAt(next, ON_RING)).toEqual([90, 90, 90]);
    expect(await display.text('ribbon')).toContain('picture is live');
  });

  it('UNAVAILABLE when an overlay says so', async () => {
    const guidance = unavailableGuidance(['engine-unavailable']);
    await display.show(frame, sampleOverlay(frame, { guidance }));
    expect(await display.data('state')).toBe('UNAVAILABLE');
    expect(await display.data('needleState')).toBe('unknown');
  });

  it('FROZEN, with the overlay of the frozen image', async () => {
    const flags = { isFrozen: true, geometryChanged: false, mayCarryText: false };
    const frozen = sampleFrame(1, { flags });
    await display.show(frozen, overlay);
    await display.pass(600);
    expect(await display.data('state')).toBe('FROZEN');
    expect(await ring()).toBeGreaterThan(200);
    expect(await display.data('notice')).toBe('FROZEN');
  });

  it('SIMULATED on a phantom, and not otherwise', async () => {
    await display.show(frame, overlay);
    expect(await display.isVisible('#simulated')).toBe(false);
    fixture.info = { ...fixture.info, isSimulated: true };
    fixture.sendInfo(fixture.info);
    await until('the banner', async () => {
      await display.pass(16);
      return display.isVisible('#simulated');
    });
    expect(await display.text('simulated')).toBe('SIMULATED');
    fixture.disconnect(null);
    await display.pass(1500);
    expect(await display.data('state')).toBe('LOST');
    expect(await display.isVisible('#simulated')).toBe(true);
  });

  it('no millimetre anywhere while the spacing is unknown', async () => {
    const unscaled = sampleFrame(1, { spacing: null });
    const needle = { ...visibleNeedle(TIP.xPx, TIP.yPx), radius90Mm: null };
    await display.show(unscaled, sampleOverlay(unscaled, { needle }));
    await display.pass(200);
    expect(await display.text('needle-figures')).not.toContain('mm');
    const body = await display.page.innerText('body');
    expect(body).not.toMatch(/\d\s*mm/);
  });

  it('the age since the capture where the clocks are known, with its uncertainty', async () => {
    const before = fixture.clockReplyCount();
    await until('a clock exchange', async () => {
      await display.pass(8);
      return fixture.clockReplyCount() > before;
    });
    const cartOffsetUs = 40_000_000;
    const serviceNowUs = fixture.serviceNowUs?.() ?? 0;
    const captureTimeUs = serviceNowUs - 70_000 - cartOffsetUs;
    const clock = { ...overlay.clock, cartOffsetUs, uncertaintyUs: 400 };
    await display.sendOverlay({ ...overlay, captureTimeUs, clock });
    await display.sendFrame({ ...frame, captureTimeUs });
    await display.pass(16);
    await display.pass(200);
    expect(await display.text('age-since')).toMatch(/since grab, ± \d ms/);
    const ageMs = Number.parseFloat(await display.text('age'));
    // 70 ms old when it arrived, 16 to 216 ms later by now; the clocks are good to some 10 ms.
    expect(ageMs).toBeGreaterThanOrEqual(70 + 16 - 12);
    expect(ageMs).toBeLessThanOrEqual(70 + 216 + 12);
    expect(await display.text('latency-detail')).toContain('capture to display');
  });

  it('comes back after a bye, in the time that it was told', async () => {
    await display.show(frame, overlay);
    fixture.disconnect({ type: 'bye', reason: 'restarting', reconnectAfterMs: 2000 });
    await until('the loss', async () => {
      await display.pass(20);
      return (await display.data('connection')) === 'waiting';
    });
    await display.pass(1000);
    expect(await display.data('state')).toBe('LOST');
    expect(await display.text('notice-text')).toContain('Restarting.');
    expect(fixture.connectionCount()).toBe(1);
    await display.pass(1600);
    await fixture.welcomed(2);
    const next = sampleFrame(7);
    await until('the second connection', async () => {
      await display.pass(16);
      return (await display.data('connection')) === 'connected';
    });
    await display.show(next, sampleOverlay(next));
    expect(await display.data('state')).toBe('LIVE');
    expect(await display.isVisible('#notice')).toBe(false);
  });
});
