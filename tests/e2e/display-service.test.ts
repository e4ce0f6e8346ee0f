import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CartConnection, connectCart } from '../../src/cart/cart-client.js';
import {
  BROWSER_MISSING,
  browserTitle,
  startBrowser,
  type TestBrowser,
} from '../support/browser.js';
import { until } from '../support/display-page.js';
import { testFrame } from '../support/frames.js';
import { buildPage, type PageBundle } from '../support/page-bundle.js';
import { startService, type TestService, untilSpareIsWarm } from '../support/service.js';

const title = browserTitle('the page on the real service');

/** A cart that streams until it is stopped. */
interface RunningCart {
  readonly connection: CartConnection;
  stop(): Promise<void>;
}

async function startCart(url: string, streamId: string, token?: string): Promise<RunningCart> {
  const connection = await connectCart({
    url,
    streamId,
    token,
    isSimulated: true,
    onVerdict: () => {},
  });
  let frameId = 0;
  const timer = setInterval(() => {
    frameId += 1;
    const captureTimeUs = Math.floor(Number(process.hrtime.bigint() / 1000n));
    connection.offer(testFrame(frameId, { captureTimeUs, widthPx: 256, heightPx: 256 }));
  }, 40);
  return {
    connection,
    async stop() {
      clearInterval(timer);
      await connection.close('done');
    },
  };
}

const bodyData = (page: Page): Promise<Record<string, string | undefined>> =>
  page.evaluate(() => ({ ...document.body.dataset }));

async function untilState(page: Page, state: string): Promise<void> {
  await until(`state ${state}`, async () => (await bodyData(page)).state === state);
}

/** Keeps every state from now on: one may be over before it is asked for. */
async function keepStates(page: Page): Promise<() => Promise<readonly string[]>> {
  const kept = await page.evaluateHandle(() => {
    const states: string[] = [];
    const note = () => states.push(document.body.dataset.state ?? '');
    new MutationObserver(note).observe(document.body, { attributeFilter: ['data-state'] });
    return states;
  });
  return () => kept.evaluate((states) => [...states]);
}

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TestBrowser;
  let bundle: PageBundle;

  beforeAll(async () => {
    browser = await startBrowser();
    bundle = await buildPage();
  });
  afterAll(async () => {
    await browser?.close();
    await bundle?.remove();
  });

  async function open(service: TestService, hash = ''): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${service.url}/${hash}`);
    return { page, faults };
  }

  it('waits for a cart, draws each frame with its own overlay, outlives a dead engine, and saves a picture without a service', async () => {
    const service = await startService({}, { pageDirectory: bundle.directory });
    await untilSpareIsWarm(service);
    const { page, faults } = await open(service);
    await page.waitForSelector('text=Waiting for a cart');
    const cart = await startCart(service.url, 'or-1');
    await untilState(page, 'LIVE');

    const seen = new Set<string>();
    await until('forty frames with their overlays', async () => {
      const { frameId, overlayFrameId } = await bodyData(page);
      if (overlayFrameId !== '') {
        expect(overlayFrameId).toBe(frameId);
        seen.add(String(overlayFrameId));
      }
      return seen.size >= 40;
    });
    expect(await page.isVisible('#simulated')).toBe(true);
    expect(await page.textContent('#model')).toBe('guidenet');

    const states = await keepStates(page);
    process.kill(service.servingPid(), 'SIGKILL');
    await until('state UNAVAILABLE', async () => (await states()).includes('UNAVAILABLE'));
    const before = Number((await bodyData(page)).frameId);
    await untilState(page, 'LIVE');
    await until('a later frame', async () => Number((await bodyData(page)).frameId) > before);

    await cart.stop();
    await untilState(page, 'LOST');
    expect(await page.textContent('#notice-title')).toBe('Image lost');

    await service.close();
    await until('the end of the connection', async () => {
      const { connection } = await bodyData(page);
      return connection !== 'connected';
    });
    const saved = page.waitForEvent('download');
    await page.keyboard.press('s');
    expect((await saved).suggestedFilename()).toMatch(/\.png$/);
    // The browser itself reports the attempts that fail while the service is away.
    expect(faults.filter((fault) => !fault.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    await page.context().close();
  }, 40_000);

  it('takes a token from the fragment of its address and buys tickets with it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'echoline-tokens-'));
    const tokens = join(directory, 'tokens.json');
    const [cartToken, displayToken] = ['cart-token-0123456789', 'display-token-0123456789'];
    await writeFile(
      tokens,
      JSON.stringify({
        tokens: [
          { token: cartToken, role: 'cart' },
          { token: displayToken, role: 'observer' },
        ],
      }),
      { mode: 0o600 },
    );
    const pageDirectory = bundle.directory;
    const service = await startService({ auth: 'tokens', tokens }, { pageDirectory });
    const cart = await startCart(service.url, 'or-2', cartToken);

    const stranger = await open(service);
    await stranger.page.waitForSelector('text=wants a token');
    await stranger.page.context().close();

    const { page, faults } = await open(service, `#token=${displayToken}`);
    await untilState(page, 'LIVE');
    expect(page.url()).not.toContain(displayToken);
    expect(faults).toEqual([]);

    await page.context().close();
    await cart.stop();
    await service.close();
    await rm(directory, { recursive: true });
  }, 40_000);
});
