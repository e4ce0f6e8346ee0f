import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';

/** The browser that the tests use: ECHOLINE_CHROMIUM, or Debian's. */
export const CHROMIUM_PATH = process.env.ECHOLINE_CHROMIUM ?? '/usr/bin/chromium';

/** Why the browser tests cannot run here, in words; null where they can. */
export const BROWSER_MISSING: string | null = existsSync(CHROMIUM_PATH)
  ? null
  : `SKIPPED, no browser: ${CHROMIUM_PATH} does not exist; ` +
    'install chromium or set ECHOLINE_CHROMIUM';

/** A title of browser tests: where they are skipped it says so, and why. */
export function browserTitle(title: string): string {
  return BROWSER_MISSING === null ? title : `${title} (${BROWSER_MISSING})`;
}

/** How it is started. */
export const BROWSER_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface TestBrowser {
  /** A page with a context of its own: nothing is shared, the fake clock least of all. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a browser; playwright gives each one a fresh profile. */
export async function startBrowser(
  viewport: { readonly width: number; readonly height: number } = { width: 1280, height: 800 },
  deviceScaleFactor = 1,
): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [...BROWSER_FLAGS],
  });
  return {
    async newPage() {
      const context = await browser.newContext({ viewport, deviceScaleFactor, hasTouch: true });
      const page = await context.newPage();
      page.setDefaultTimeout(5000);
      return page;
    },
    close: () => browser.close(),
  };
}
