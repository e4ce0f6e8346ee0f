import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePicture } from '../support/artifacts.js';
import {
  BROWSER_MISSING,
  browserTitle,
  startBrowser,
  type TestBrowser,
} from '../support/browser.js';
import { type DisplayFixture, startDisplayFixture } from '../support/display-fixture.js';
import { until } from '../support/display-page.js';
import { sampleOverlay, visibleNeedle } from '../support/display-samples.js';
import { phantomPicture } from '../support/phantom-picture.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const title = browserTitle('the page by the rules of axe-core');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
}

/** Serious and critical findings of axe-core on the page as it is now. */
async function findings(page: Page): Promise<readonly string[]> {
  const violations: readonly Finding[] = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations.map(({ id, impact }) => ({ id, impact }));
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id }) => id);
}

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TestBrowser;
  let fixture: DisplayFixture;

  beforeAll(async () => {
    browser = await startBrowser({ width: 1280, height: 800 });
    fixture = await startDisplayFixture();
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });

  it('has no serious finding while it waits, lives, is frozen, loses its picture, or helps', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(fixture.url);
    await page.evaluate(AXE);
    await page.waitForSelector('body[data-connection="connected"]');
    const untilState = (state: string) =>
      until(state, async () => (await page.getAttribute('body', 'data-state')) === state);
    const look = async (name: string): Promise<void> => {
      writePicture(`display-page-${name}.png`, await page.screenshot());
      expect([name, await findings(page)]).toEqual([name, []]);
    };
    await look('waiting');

    const picture = phantomPicture();
    const needle = visibleNeedle(250, 200, 11);
    let frameId = 0;
    const send = (isFrozen: boolean): void => {
      frameId += 1;
      const flags = { isFrozen, geometryChanged: false, mayCarryText: false };
      const frame = { ...picture.frame, frameId, captureTimeUs: frameId * 60_000, flags };
      fixture.sendFrame(frame);
      fixture.sendOverlay(sampleOverlay(frame, { needle, structures: picture.structures }));
    };
    let isFrozen = false;
    const wasTaken = (): boolean =>
      frameId === 0 ||
      fixture.acknowledgements.some((ack) => ack.what === 'frame' && ack.frameId === frameId);
    // As the service does: a display that is slow gets fewer pictures, not older ones.
    const cart = setInterval(() => {
      if (wasTaken()) send(isFrozen);
    }, 60);
    await untilState('LIVE');
    await look('live');
    await page.keyboard.press('?');
    await look('help');
    await page.keyboard.press('Escape');
    isFrozen = true;
    await untilState('FROZEN');
    await look('frozen');
    clearInterval(cart);
    await untilState('LOST');
    await look('lost');
    await page.context().close();
  });
});
