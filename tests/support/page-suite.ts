import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.js';
import { type DisplayFixture, startDisplayFixture } from './display-fixture.js';
import { type DisplayPage, enterDisplayPage, openDisplayPage } from './display-page.js';

/** A page and the service that it talks to. */
export interface OpenPage {
  readonly fixture: DisplayFixture;
  readonly display: DisplayPage;
}

/** How the page of a suite is opened. */
export interface PageSuite {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly deviceScaleFactor?: number;
  /** What follows the address, e.g. `#token=…`. */
  readonly path?: string;
  /** Sets up what the service answers, before the page asks. */
  prepare?(fixture: DisplayFixture): void;
  /** Hands over what was opened. */
  opened(open: OpenPage): void | Promise<void>;
}

/**
 * Opens the page anew for each test of a suite, on a service of its own, so that nothing is left of
 * the test before; in one tab of one browser, which is sooner. No test may leave a fault.
 */
export function pageForEachTest(suite: PageSuite): void {
  let browser: TestBrowser;
  let open: OpenPage | null = null;
  beforeAll(async () => {
    browser = await startBrowser(suite.viewport, suite.deviceScaleFactor);
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    open = await openPage(browser, suite, open?.display.page);
    await suite.opened(open);
  });
  afterEach(async () => {
    expect(open?.display.faults).toEqual([]);
    await open?.display.page.goto('about:blank');
    await open?.fixture.close();
  });
}

/** Opens one page that all tests of a suite go on with; none of them may leave a fault. */
export function pageForAllTests(suite: PageSuite): void {
  let browser: TestBrowser | null = null;
  let open: OpenPage | null = null;
  beforeAll(async () => {
    browser = await startBrowser(suite.viewport, suite.deviceScaleFactor);
    open = await openPage(browser, suite);
    await suite.opened(open);
  });
  afterAll(async () => {
    await browser?.close();
    await open?.fixture.close();
  });
  afterEach(() => {
    expect(open?.display.faults).toEqual([]);
  });
}

/** @param page - a tab to take; undefined = a new one */
async function openPage(browser: TestBrowser, suite: PageSuite, page?: Page): Promise<OpenPage> {
  const fixture = await startDisplayFixture();
  suite.prepare?.(fixture);
  const display = await (page === undefined
    ? openDisplayPage(browser, fixture, suite.path)
    : enterDisplayPage(page, fixture, suite.path));
  return { fixture, display };
}
