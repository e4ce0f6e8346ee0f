import type { Page } from 'playwright-core';
import { fitViewport, toCanvas, type Viewport } from '../../src/display/viewport.js';
import type { Frame } from '../../src/domain/frame.js';
import type { PointPx } from '../../src/domain/geometry.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { TestBrowser } from './browser.js';
import type { DisplayFixture } from './display-fixture.js';

export type Rgb = readonly [number, number, number];

/** A rectangle of the page's canvas, read back. */
export interface Pixels {
  at(x: number, y: number): Rgb;
  readonly width: number;
  readonly height: number;
}

/** The page in a browser whose time stands still until a test lets it pass. */
export interface DisplayPage {
  readonly page: Page;
  /** Console errors, script errors and requests to other origins since the start. */
  readonly faults: string[];
  /** Lets time pass in the page (and on the fixture's clock). */
  pass(ms: number): Promise<void>;
  /** Sends a frame, and its overlay where there is one, and draws. */
  show(frame: Frame, overlay: Overlay | null): Promise<void>;
  /** Sends an overlay and waits until the page has it. */
  sendOverlay(overlay: Overlay): Promise<void>;
  sendFrame(frame: Frame): Promise<void>;
  /** A data attribute of the body, by its name in the DOM. */
  data(name: string): Promise<string | undefined>;
  text(id: string): Promise<string>;
  isVisible(selector: string): Promise<boolean>;
  pixels(): Promise<Pixels>;
  /** Colour of the canvas where an image point lies. */
  pixelAt(frame: Frame, point: PointPx): Promise<Rgb>;
  viewport(frame: Frame): Promise<Viewport>;
}

/** Polls until a condition of the test's own process holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited 5 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * Opens the page, waits until it is connected, and stops its time.
 *
 * @param path - what follows the address, e.g. `#token=…`
 */
export async function openDisplayPage(
  browser: TestBrowser,
  fixture: DisplayFixture,
  path = '',
): Promise<DisplayPage> {
  const page = await browser.newPage();
  await page.clock.install({ time: 0 });
  return enterDisplayPage(page, fixture, path);
}

/** As `openDisplayPage`, in a page that was opened for another service before: sooner. */
export async function enterDisplayPage(
  page: Page,
  fixture: DisplayFixture,
  path = '',
): Promise<DisplayPage> {
  const faults = watchFaults(page, fixture.url);
  await page.clock.resume();
  await page.goto(`${fixture.url}${path}`);
  await page.waitForSelector('body[data-connection="connected"]');
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  let serviceNowUs = 50_000_000;
  fixture.serviceNowUs = () => serviceNowUs;

  const acknowledged = (what: string, { epoch, frameId }: Frame | Overlay): boolean =>
    fixture.acknowledgements.some(
      (ack) => ack.what === what && ack.epoch === epoch && ack.frameId === frameId,
    );

  const display: DisplayPage = {
    page,
    faults,
    async pass(ms) {
      serviceNowUs += ms * 1000;
      await page.clock.runFor(ms);
    },
    async sendFrame(frame) {
      fixture.sendFrame(frame);
      await until(`frame ${frame.frameId}`, () => acknowledged('frame', frame));
    },
    async sendOverlay(overlay) {
      fixture.sendOverlay(overlay);
      await until(`overlay ${overlay.frameId}`, () => acknowledged('overlay', overlay));
    },
    async show(frame, overlay) {
      await display.sendFrame(frame);
      if (overlay !== null) await display.sendOverlay(overlay);
      await display.pass(overlay === null ? 48 : 16);
    },
    data: (name) => page.evaluate((key) => document.body.dataset[key], name),
    text: (id) => page.evaluate((key) => document.getElementById(key)?.textContent ?? '', id),
    isVisible: (selector) => page.isVisible(selector),
    pixels: () => readPixels(page),
    async pixelAt(frame, point) {
      const { x, y } = toCanvas(await display.viewport(frame), point);
      return readPixel(page, Math.floor(x), Math.floor(y));
    },
    async viewport(frame) {
      const canvas = await page.evaluate(() => {
        const element = document.querySelector<HTMLCanvasElement>('#canvas');
        return {
          width: element?.width ?? 0,
          height: element?.height ?? 0,
          devicePixelRatio: window.devicePixelRatio,
        };
      });
      return fitViewport({
        image: frame,
        canvas,
        devicePixelRatio: canvas.devicePixelRatio,
        spacing: frame.spacing,
        zoom: 1,
        marginCssPx: { x: 46, y: 28 },
      });
    },
  };
  return display;
}

/** Collects everything that must never happen on the page. */
function watchFaults(page: Page, url: string): string[] {
  const faults: string[] = [];
  for (const event of ['console', 'pageerror', 'dialog', 'request']) page.removeAllListeners(event);
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
      faults.push(`request: ${request.url()}`);
    }
  });
  return faults;
}

async function readPixel(page: Page, x: number, y: number): Promise<Rgb> {
  return page.evaluate(
    ([atX = 0, atY = 0]) => {
      const canvas = document.querySelector<HTMLCanvasElement>('#canvas');
      const context = canvas?.getContext('2d');
      if (!context) throw new Error('no canvas');
      const [red = 0, green = 0, blue = 0] = context.getImageData(atX, atY, 1, 1).data;
      return [red, green, blue] as const;
    },
    [x, y],
  );
}

async function readPixels(page: Page): Promise<Pixels> {
  const read = await page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>('#canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('no canvas');
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    // The browser's own base64: a loop over two million bytes takes a second.
    const reader = new FileReader();
    const isRead = new Promise((resolve) => reader.addEventListener('load', resolve));
    reader.readAsDataURL(new Blob([data]));
    await isRead;
    return { width: canvas.width, height: canvas.height, url: String(reader.result) };
  });
  const bytes = Buffer.from(read.url.replace(/^.*,/, ''), 'base64');
  return {
    width: read.width,
    height: read.height,
    at(x, y) {
      const offset = (y * read.width + x) * 4;
      return [bytes[offset] ?? 0, bytes[offset + 1] ?? 0, bytes[offset + 2] ?? 0];
    },
  };
}
