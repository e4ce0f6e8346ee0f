import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { reportCommand } from '../../src/cli/commands/report.js';
import { parseArguments } from '../../src/cli/parse-arguments.js';
import { fakeContext } from '../cli/fake-context.js';
import { BROWSER_MISSING, browserTitle, startBrowser } from '../support/browser.js';
import { recordProcedure } from '../support/recorded-procedure.js';

it.skipIf(BROWSER_MISSING !== null)(
  browserTitle('the report of a procedure opens without a complaint and without a request'),
  async () => {
    const folder = await recordProcedure(mkdtempSync(join(tmpdir(), 'echoline-report-')));
    await reportCommand.run(parseArguments(reportCommand, [folder]), fakeContext());
    const url = pathToFileURL(join(folder, 'report.html')).href;
    const browser = await startBrowser({ width: 800, height: 800 });
    const page = await browser.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(url);
    expect(await page.locator('[role=note]').innerText()).toContain('Not a medical device');
    expect(await page.locator('h2').allInnerTexts()).toEqual(['Femoral nerve, left', 'Limits']);
    const sizes = await page.locator('figure.frame svg image').evaluateAll((images) =>
      images.map((element) => {
        const { width, height } = element.getBoundingClientRect();
        return Math.min(width, height);
      }),
    );
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThan(100);
    expect(await page.locator('figure.wide svg').count()).toBe(3);
    const { scrolls, wide } = await page.evaluate(() => ({
      scrolls: document.documentElement.scrollWidth,
      wide: document.documentElement.clientWidth,
    }));
    expect(scrolls).toBeLessThanOrEqual(wide);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
    await browser.close();
  },
);
