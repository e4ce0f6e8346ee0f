import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCanvas } from '../../src/display/viewport.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import { type DisplayPage, until } from '../support/display-page.js';
import { testFrame } from '../support/frames.js';
import { pageForAllTests } from '../support/page-suite.js';
import { recordProcedure } from '../support/recorded-procedure.js';

/** A nerve of the first frame of the recording: rows 71 to 100, columns 61 to 90. */
const TRUTH = { frame: testFrame(0, { spacing: { xMm: 0.1, yMm: 0.2 } }) };

/** Adds ground truth to a recording, as a clip of the phantom has it. */
async function addTruth(folder: string): Promise<void> {
  const { widthPx, heightPx } = TRUTH.frame;
  const map = new Uint8Array(widthPx * heightPx);
  for (let row = 71; row <= 100; row += 1) {
    map.fill(1, row * widthPx + 61, row * widthPx + 91);
  }
  const packed = deflateSync(map);
  const data = { offsetBytes: 0, lengthBytes: packed.length };
  const labels = { widthPx, heightPx, classes: ['background', 'nerve'], data };
  await writeFile(join(folder, 'labels.bin'), packed);
  await writeFile(
    join(folder, 'truth.jsonl'),
    `${JSON.stringify({ position: 0, needle: null, labels })}\n`,
  );
}

const title = browserTitle('the review of a recording');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let display: DisplayPage;
  let parent: string;

  pageForAllTests({
    viewport: { width: 1280, height: 800 },
    opened(open) {
      display = open.display;
    },
  });
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'echoline-review-'));
  });
  afterAll(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  const position = () => display.text('review-position');
  const settle = async (isThere: () => Promise<boolean>) =>
    until('the image', async () => {
      await display.pass(16);
      return isThere();
    });
  const press = async (key: string) => {
    await display.page.keyboard.press(key);
    await display.pass(16);
  };

  it('says so where the files are no recording, and stays live', async () => {
    await display.page.setInputFiles('#review-files', new URL('./', import.meta.url).pathname);
    await settle(async () => (await display.text('review-progress')).includes('no Echoline'));
    expect(await display.data('mode')).toBe('live');
  });

  it('opens a recording of the service, with its moments on a time line', async () => {
    const folder = await recordProcedure(parent);
    await addTruth(folder);
    await display.page.setInputFiles('#review-files', folder);
    await settle(async () => (await display.data('mode')) === 'review');
    await settle(async () => (await display.data('frameId')) === '0');
    expect(await display.text('state')).toBe('REVIEW');
    expect(await display.text('review-progress')).toBe('');
    expect(await position()).toMatch(/^1 \/ \d+ · 0\.00 s$/);
    for (const kind of ['view', 'pass', 'advisory', 'injection', 'event']) {
      expect(await display.page.locator(`.mark-${kind}`).count()).toBeGreaterThan(0);
    }
    expect(await display.page.locator('.review-plot canvas').count()).toBe(2);
  });

  it('outlines what is true where there is ground truth, until it is switched off', async () => {
    const { frame } = TRUTH;
    const isTrue = async () => {
      const pixels = await display.pixels();
      const viewport = await display.viewport(frame);
      // Dotted: somewhere along the lower edge of the true nerve there is its colour.
      return Array.from({ length: 30 }, (_, index) => index).some((step) => {
        const at = toCanvas(viewport, { xPx: 70 + step / 2, yPx: 100.5 });
        const [red, green, blue] = pixels.at(Math.floor(at.x), Math.floor(at.y));
        return green > 150 && green > red + 50 && green > blue;
      });
    };
    expect(await isTrue()).toBe(true);
    expect(await display.text('review-at')).toContain('The true tip is not visible here.');
    await display.page.tap('#review-truth');
    await display.pass(16);
    expect(await isTrue()).toBe(false);
    await display.page.tap('#review-truth');
  });

  it('steps image by image with arrows and buttons, and scrubs', async () => {
    await press('ArrowRight');
    await settle(async () => (await display.data('frameId')) === '1');
    await display.page.tap('#review-forward');
    await display.pass(16);
    expect(await position()).toMatch(/^3 \//);
    await press('ArrowLeft');
    expect(await position()).toMatch(/^2 \//);
    await display.page.locator('#review-scrub').evaluate((element) => {
      (element as HTMLInputElement).valueAsNumber = 40;
      element.dispatchEvent(new Event('input'));
    });
    await settle(async () => (await display.data('frameId')) === '40');
    expect(await display.data('needleState')).not.toBe('unknown');
  });

  it('jumps from moment to moment and says what they are', async () => {
    const said = new Set<string>();
    for (let jump = 0; jump < 30; jump += 1) {
      await press('n');
      said.add(await display.text('review-at'));
    }
    const all = [...said].join(' | ');
    expect(all).toContain('Injection: aspirate');
    expect(all).toContain('Injection: hydrodissection');
    const last = await position();
    await display.page.tap('#review-event-back');
    await display.pass(16);
    expect(await position()).not.toBe(last);
  });

  it('plays at the pace of the recording and stops at its end', async () => {
    await display.page.locator('#review-scrub').evaluate((element) => {
      (element as HTMLInputElement).valueAsNumber = 0;
      element.dispatchEvent(new Event('input'));
    });
    await display.page.tap('#review-play');
    await display.pass(16);
    expect(await display.text('review-play')).toBe('Pause');
    await display.pass(500);
    expect(Number.parseInt(await position(), 10)).toBeGreaterThan(5);
    await display.pass(20_000);
    expect(await display.text('review-play')).toBe('Play');
  });

  it('goes back to the live picture', async () => {
    await display.page.screenshot({ path: 'artifacts/page-review.png', timeout: 60_000 });
    await display.page.tap('#review-close');
    await display.pass(16);
    expect(await display.data('mode')).toBe('live');
    expect(await display.data('state')).not.toBe('REVIEW');
  });
});
