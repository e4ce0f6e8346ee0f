import { existsSync } from 'node:fs';
import { EcholineError } from '../../domain/errors.js';
import { readClockUs } from '../../engine/read-clock.js';
import { BENCH_EPOCH } from './load-plan.js';

/** Where the browser may be; `ECHOLINE_CHROMIUM` comes first. */
const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
/** Exchanges from which the browser's clock is read; the quickest one counts. */
const CLOCK_EXCHANGES = 20;
const CONNECTED_MS = 30_000;

/** A real display page in a real browser beside a load. */
export interface BrowserDisplay {
  /**
   * When the overlay of each frame was drawn, µs of this machine's monotonic clock, by frameId.
   * `uncertaintyUs` is ± of the mapping from the browser's clock.
   */
  read(): Promise<{
    readonly drawnUs: ReadonlyMap<number, number>;
    readonly uncertaintyUs: number;
  }>;
  close(): Promise<void>;
}

/**
 * Opens the display page of a stream and waits until it is connected.
 *
 * @param chromium - path of the browser; null = Debian's or Chrome
 * @throws EcholineError ECHOLINE_CONFIG_INVALID when there is no browser, or nothing to drive it
 */
export async function openBrowserDisplay(
  url: string,
  streamId: string,
  chromium: string | null,
): Promise<BrowserDisplay> {
  const executablePath = [chromium ?? '', ...CHROMIUM_PATHS].find((path) => existsSync(path));
  const playwright = await import('playwright-core').catch(() => null);
  if (executablePath === undefined || playwright === null) {
    const what = playwright === null ? 'playwright-core (npm install playwright-core)' : 'Chromium';
    const message = `--display chromium: expected ${what} and found none.`;
    throw new EcholineError('ECHOLINE_CONFIG_INVALID', message);
  }
  const browser = await playwright.chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.addInitScript(LISTEN);
    await page.goto(new URL(`/?stream=${encodeURIComponent(streamId)}`, url).href);
    await page.waitForSelector('#canvas', { state: 'attached', timeout: CONNECTED_MS });
    return {
      async read() {
        const clock = await readBrowserClock(() => page.evaluate('performance.now()'));
        const drawn = (await page.evaluate('globalThis.echolineDrawn')) as readonly Drawn[];
        const own = drawn.filter(({ epoch }) => epoch === BENCH_EPOCH);
        const entries = own.map(
          ({ frameId, nowMs }) => [frameId, Math.round(nowMs * 1000 + clock.offsetUs)] as const,
        );
        return { drawnUs: new Map(entries), uncertaintyUs: clock.uncertaintyUs };
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `--display chromium: the display page at ${url} did not open: ${reason}`;
    throw new EcholineError('ECHOLINE_CONFIG_INVALID', message, {}, { cause: error });
  }
}

interface Drawn {
  readonly epoch: number;
  readonly frameId: number;
  readonly nowMs: number;
}

/** Runs in the page before its own code. */
const LISTEN = `
  globalThis.echolineDrawn = [];
  addEventListener('echoline-drawn', ({ detail }) => {
    globalThis.echolineDrawn.push({ ...detail, nowMs: performance.now() });
  });
`;

/** Own clock − browser's clock: the middle of the quickest of several exchanges, ± half of it. */
async function readBrowserClock(readMs: () => Promise<unknown>) {
  let best = { offsetUs: 0, uncertaintyUs: Number.POSITIVE_INFINITY };
  for (let exchange = 0; exchange < CLOCK_EXCHANGES; exchange++) {
    const askedUs = readClockUs();
    const browserUs = Number(await readMs()) * 1000;
    const answeredUs = readClockUs();
    const uncertaintyUs = (answeredUs - askedUs) / 2;
    if (uncertaintyUs < best.uncertaintyUs) {
      best = { offsetUs: (askedUs + answeredUs) / 2 - browserUs, uncertaintyUs };
    }
  }
  return best;
}
