import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  BROWSER_MISSING,
  browserTitle,
  startBrowser,
  type TestBrowser,
} from '../support/browser.js';
import { type DisplayFixture, startDisplayFixture } from '../support/display-fixture.js';
import { type DisplayPage, openDisplayPage, until } from '../support/display-page.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  visibleNeedle,
} from '../support/display-samples.js';

const title = browserTitle('what the page takes');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TestBrowser;
  let fixture: DisplayFixture;

  beforeAll(async () => {
    browser = await startBrowser({ width: 800, height: 600 });
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    fixture = await startDisplayFixture();
  });
  afterEach(async () => {
    await fixture.close();
  });

  async function refusals(display: DisplayPage, count: number): Promise<void> {
    await until(`${count} refusals`, async () => {
      await display.pass(200);
      return (await display.text('count-refused')) === String(count);
    });
  }

  it('waits in words for a cart, and takes the first stream that there is', async () => {
    fixture.streams = [];
    const page = await browser.newPage();
    await page.clock.install({ time: 0 });
    await page.goto(fixture.url);
    await page.waitForSelector('text=Waiting for a cart');
    expect(await page.textContent('#notice-command')).toContain('npm run demo');
    expect(await page.getAttribute('body', 'data-state')).toBe('WAITING');
    fixture.streams = [
      { stream: 'idle one', state: 'idle' },
      { stream: 'second', state: 'streaming' },
    ];
    await page.clock.runFor(1500);
    await page.waitForSelector('body[data-connection="connected"]');
    expect(await page.getAttribute('body', 'data-stream')).toBe('second');
    await page.context().close();
  });

  it('opens the stream of the address without asking for the list', async () => {
    fixture.streams = [];
    const page = await browser.newPage();
    await page.goto(`${fixture.url}?stream=or%2F3`);
    await page.waitForSelector('body[data-connection="connected"]');
    expect(await page.getAttribute('body', 'data-stream')).toBe('or/3');
    await page.context().close();
  });

  it('counts what it refuses, and goes on', async () => {
    const display = await openDisplayPage(browser, fixture);
    const frame = sampleFrame(1);
    fixture.sendText(JSON.stringify({ ...sampleOverlay(frame), needle: { tip: 'NaN' } }));
    fixture.sendText('{"type":"overlay"');
    await refusals(display, 2);
    const broken = sampleFrame(2, {
      format: 'jpeg',
      strideBytes: 0,
      payload: new Uint8Array([0xff, 0xd8, 1, 2, 3]),
    });
    await display.sendFrame(broken);
    await refusals(display, 3);
    const next = sampleFrame(3);
    await display.show(next, sampleOverlay(next));
    expect(await display.data('state')).toBe('LIVE');
    expect(display.faults).toEqual([]);
    await display.page.context().close();
  });

  it('shows markup in text fields as text', async () => {
    const display = await openDisplayPage(browser, fixture);
    const frame = sampleFrame(1);
    const id = '<img src=x onerror=alert(1)>';
    await display.show(frame, sampleOverlay(frame, { model: { id, sha256: id } }));
    await display.pass(200);
    expect(await display.text('model')).toBe(id);
    expect(await display.page.locator('img').count()).toBe(0);
    expect(display.faults).toEqual([]);
    await display.page.context().close();
  });

  it('keeps everything in sight on a small screen, whatever there is to say', async () => {
    fixture.info = { ...fixture.info, isSimulated: true };
    const display = await openDisplayPage(browser, fixture);
    const frame = sampleFrame(1, { widthPx: 160 });
    const structures = (['nerve', 'artery', 'vein', 'vessel', 'fascia', 'bone'] as const).map(
      (structureClass, index) => ({
        ...sampleStructure(structureClass, 10 * index, 20, 10 * index + 8, 40),
        id: index,
      }),
    );
    const needle = visibleNeedle(100, 80);
    await display.show(frame, sampleOverlay(frame, { needle, structures }));
    await display.pass(200);
    const boxes = await display.page.evaluate(() =>
      ['state', 'age', 'fps', 'latency', 'stream', 'simulated', 'needle-headline', 'disclaimer']
        .map((id) => document.getElementById(id)?.getBoundingClientRect())
        .map((box) => [box?.left, box?.top, box?.right, box?.bottom]),
    );
    for (const [left = -1, top = -1, right = 9999, bottom = 9999] of boxes) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(800);
      expect(bottom).toBeLessThanOrEqual(600);
      expect(right - left).toBeGreaterThan(0);
    }
    const isOverlapping = boxes.some((a, index) =>
      boxes.slice(index + 1).some((b) => {
        const [aLeft = 0, aTop = 0, aRight = 0, aBottom = 0] = a;
        const [bLeft = 0, bTop = 0, bRight = 0, bBottom = 0] = b;
        return aLeft < bRight && bLeft < aRight && aTop < bBottom && bTop < aBottom;
      }),
    );
    expect(isOverlapping).toBe(false);
    await display.page.context().close();
  });
});
