import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import { startTabbedBrowser, type Tab, type TabbedBrowser } from '../support/browser-tabs.js';
import { type DisplayFixture, startDisplayFixture } from '../support/display-fixture.js';
import { until } from '../support/display-page.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';

const title = browserTitle('the page in a tab in the background');

/** Real time and real tabs: the browser itself stops the page's animation frames. */
describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TabbedBrowser;
  let fixture: DisplayFixture;
  let page: Tab;
  let cart: NodeJS.Timeout;
  let frameId = 0;
  let hasOverlays = true;

  beforeAll(async () => {
    fixture = await startDisplayFixture();
    browser = await startTabbedBrowser();
    page = await browser.open(fixture.url);
    await fixture.welcomed(1);
    cart = setInterval(stream, 40);
  });
  afterAll(async () => {
    clearInterval(cart);
    await browser?.close();
    await fixture?.close();
  });

  /** The next frame, once the page has taken the last one, as the service does. */
  function stream(): void {
    const isFirst = frameId === 0;
    if (!isFirst && !fixture.acknowledgements.some((ack) => ack.frameId === frameId)) return;
    fixture.acknowledgements.length = 0;
    frameId += 1;
    const frame = sampleFrame(frameId, { captureTimeUs: frameId * 40_000 });
    fixture.sendFrame(frame);
    if (!hasOverlays) return;
    fixture.sendOverlay(sampleOverlay(frame, { needle: visibleNeedle(100, 80) }));
  }

  type Data = Readonly<Record<string, string | undefined>>;
  const data = () => page.evaluate('({ ...document.body.dataset })') as Promise<Data>;
  const isVisible = () => page.evaluate("document.visibilityState === 'visible'");

  it('goes on taking pictures, and shows no old needle when it is looked at again', async () => {
    await until('live', async () => (await data()).state === 'LIVE');
    const other = await browser.open('about:blank');
    await other.bringToFront();
    await until('the background', async () => (await isVisible()) === false);

    const hiddenAt = frameId;
    await until('pictures in the background', () => frameId > hiddenAt + 10);
    hasOverlays = false;
    const lastOverlaid = frameId;
    await until('pictures without overlays', () => frameId > lastOverlaid + 15);
    // What it looks like in the very moment in which somebody can see it.
    const atReturn = page.evaluate(
      'new Promise((resolve) => document.addEventListener("visibilitychange", ' +
        '() => resolve({ ...document.body.dataset })))',
    ) as Promise<Data>;
    await page.bringToFront();
    const seen = await atReturn;
    expect(seen.state).toBe('STALE');
    expect(seen.overlay).toBe('hidden');
    expect(Number(seen.frameId)).toBeGreaterThan(lastOverlaid);

    hasOverlays = true;
    await until('live again', async () => (await data()).state === 'LIVE');
    const { frameId: shown, overlayFrameId } = await data();
    expect(overlayFrameId).toBe(shown);
    expect(Number(shown)).toBeGreaterThan(lastOverlaid + 15);
  });
});
