import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { connectDisplay } from '../../src/display/index.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { BROWSER_MISSING, browserTitle, startBrowser } from '../support/browser.js';
import { startDisplayFixture } from '../support/display-fixture.js';
import { until } from '../support/display-page.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';

const ROOT = new URL('../../', import.meta.url).pathname;

/** The first example of docs/display.md. */
function documentedExample(): string {
  const page = readFileSync(`${ROOT}docs/display.md`, 'utf8');
  return /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
}

it('the package exports what the page of the display is made of', () => {
  const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  expect(exports['./display']).toBe('./dist/display/index.js');
});

it.skipIf(BROWSER_MISSING !== null)(
  browserTitle('the documented display of 20 lines draws a frame with its overlay'),
  async () => {
    const example = documentedExample();
    const lines = example.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(21);
    const { outputFiles } = await build({
      stdin: { contents: example, resolveDir: ROOT },
      alias: { 'echoline/display': `${ROOT}src/display/index.ts` },
      bundle: true,
      write: false,
      format: 'iife',
    });
    const fixture = await startDisplayFixture();
    const browser = await startBrowser({ width: 800, height: 600 });
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    const canvas = '<canvas width="800" height="600"></canvas>';
    fixture.hostPages.set('/host', `<!doctype html><title>Host</title>${canvas}`);
    await page.goto(`${fixture.url}host`);
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    await fixture.welcomed(1);
    const brightest = () =>
      page.evaluate(() => {
        const context = document.querySelector('canvas')?.getContext('2d');
        const data = context?.getImageData(100, 100, 600, 400).data ?? new Uint8ClampedArray();
        return data.reduce((most, value, at) => (at % 4 === 3 ? most : Math.max(most, value)), 0);
      });
    const widthPx = 200;
    const payload = new Uint8Array(widthPx * 160).fill(40);
    let frameId = 0;
    await until('the white of the needle on the gray of the picture', async () => {
      frameId += 1;
      const frame = sampleFrame(frameId, { payload });
      fixture.sendFrame(frame);
      fixture.sendOverlay(sampleOverlay(frame, { needle: visibleNeedle(100, 80, 12) }));
      return (await brightest()) > 240;
    });
    fixture.disconnect(null);
    await until('no needle where nothing is current', async () => (await brightest()) <= 40);
    expect(faults).toEqual([]);
    await browser.close();
    await fixture.close();
  },
);

it('a display in Node buys a ticket, receives overlays, and ends when it is closed', async () => {
  const fixture = await startDisplayFixture();
  const overlays: Overlay[] = [];
  const phases: string[] = [];
  const client = connectDisplay({
    service: fixture.url,
    streamId: 'test',
    token: 'a-token',
    webSocket: WebSocket,
    events: {
      connection: ({ phase }) => phases.push(phase),
      overlay: (overlay) => overlays.push(overlay),
    },
  });
  await fixture.welcomed(1);
  const overlay = sampleOverlay(sampleFrame(5));
  fixture.sendOverlay(overlay);
  await until('the overlay', () => overlays.length === 1);
  expect(overlays).toEqual([overlay]);
  await until('its acknowledgement', () =>
    fixture.acknowledgements.some(({ frameId }) => frameId === 5),
  );
  client.close();
  expect(phases).toEqual(['connecting', 'connected', 'ended']);
  await fixture.close();
});
