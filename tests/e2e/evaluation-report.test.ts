import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { htmlReport } from '../../src/cli/evaluation/html/html-report.js';
import { BROWSER_MISSING, browserTitle, startBrowser } from '../support/browser.js';
import { sampleReport } from '../support/evaluation-report.js';

it.skipIf(BROWSER_MISSING !== null)(
  browserTitle('the evaluation report opens without a complaint and without a request'),
  async () => {
    const { report, kept } = await sampleReport();
    const path = join(mkdtempSync(join(tmpdir(), 'echoline-report-')), 'report.html');
    writeFileSync(path, await htmlReport(report, kept));
    const browser = await startBrowser({ width: 1000, height: 800 });
    const page = await browser.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(pathToFileURL(path).href);
    expect(await page.title()).toContain(report.model.id);
    expect(await page.locator('[role=note]').innerText()).toContain('Not a medical device');
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Simulated frames (phantom)',
      'Real frames',
    ]);
    // The pictures are really drawn: every image has its natural size on the screen.
    const sizes = await page.locator('figure.frame svg image').evaluateAll((images) =>
      images.map((element) => {
        const { width, height } = element.getBoundingClientRect();
        return Math.min(width, height);
      }),
    );
    expect(sizes).toHaveLength(kept.length);
    expect(Math.min(...sizes)).toBeGreaterThan(100);
    const charts = await page.locator('.charts svg').count();
    expect(charts).toBeGreaterThanOrEqual(5);
    const { scrolls, wide } = await page.evaluate(() => ({
      scrolls: document.documentElement.scrollWidth,
      wide: document.documentElement.clientWidth,
    }));
    expect(scrolls).toBeLessThanOrEqual(wide);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([pathToFileURL(path).href]);
    await browser.close();
  },
);
