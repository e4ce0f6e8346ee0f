import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** The browser that the tests use: ECHOLINE_CHROMIUM, or Debian's. */
export const CHROMIUM_PATH = process.env.ECHOLINE_CHROMIUM ?? '/usr/bin/chromium';

/** Why the browser tests cannot run here, in words; null where they can. */
export const BROWSER_MISSING: string | null = existsSync(CHROMIUM_PATH)
  ? null
  : `SKIPPED, no browser: ${CHROMIUM_PATH} does not exist (install chromium, or set ECHOLINE_CHROMIUM)`;

const FLAGS = [
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
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts a browser with a profile of its own. */
export async function startBrowser(
  viewport: { readonly width: number; readonly height: number } = { width: 1280, height: 800 },
  deviceScaleFactor = 1,
): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'echoline-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM_PATH,
    args: FLAGS,
    viewport,
    deviceScaleFactor,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
