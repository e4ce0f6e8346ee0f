import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeArtifact } from '../support/artifacts.js';
import {
  BROWSER_MISSING,
  browserTitle,
  startBrowser,
  type TestBrowser,
} from '../support/browser.js';
import { type DisplayFixture, startDisplayFixture } from '../support/display-fixture.js';
import { until } from '../support/display-page.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  visibleNeedle,
} from '../support/display-samples.js';

/** `npm run soak:display` asks for 10,000. */
const FRAMES = Number(process.env.ECHOLINE_SOAK_FRAMES ?? 1000);
const BATCH = 25;
/** What may stay after the first fifth, bytes: compiled code and caches, but nothing a frame. */
const GROWTH_MAX_BYTES = 3 * 1024 * 1024;

const title = browserTitle(`the page over ${FRAMES} unpaced frames`);

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TestBrowser;
  let fixture: DisplayFixture;

  beforeAll(async () => {
    browser = await startBrowser({ width: 1280, height: 720 });
    fixture = await startDisplayFixture();
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });

  async function usedBytes(devTools: CDPSession): Promise<number> {
    await devTools.send('HeapProfiler.collectGarbage');
    const usage: object = await devTools.send('Runtime.getHeapUsage');
    const { usedSize = 0, backingStorageSize = 0 } = usage as Record<string, number | undefined>;
    return usedSize + backingStorageSize;
  }

  it(
    'keeps its memory flat, and shows the last of them',
    async () => {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      const devTools = await page.context().newCDPSession(page);
      await page.goto(fixture.url);
      await fixture.welcomed(1);
      const structures = [sampleStructure('nerve', 40, 60, 120, 130)];
      const used: number[] = [];
      for (let first = 1; first <= FRAMES; first += BATCH) {
        for (let frameId = first; frameId < first + BATCH; frameId += 1) {
          const frame = sampleFrame(frameId, { widthPx: 320, heightPx: 240 });
          const needle = visibleNeedle(20 + (frameId % 200), 80);
          fixture.sendFrame(frame);
          fixture.sendOverlay(sampleOverlay(frame, { needle, structures }));
        }
        const last = first + BATCH - 1;
        await until(`frame ${last}`, () =>
          fixture.acknowledgements.some((ack) => ack.what === 'frame' && ack.frameId === last),
        );
        fixture.acknowledgements.length = 0;
        if (last % (FRAMES / 5) === 0) used.push(await usedBytes(devTools));
      }
      await until('the last frame', async () => {
        const shown = await page.evaluate(() => document.body.dataset.frameId);
        return shown === String(FRAMES);
      });
      writeArtifact('display-memory.json', `${JSON.stringify({ frames: FRAMES, used })}\n`);
      expect(used).toHaveLength(5);
      expect((used[4] ?? 0) - (used[0] ?? 0)).toBeLessThan(GROWTH_MAX_BYTES);
      expect(faults).toEqual([]);
    },
    60_000 + FRAMES * 60,
  );
});
