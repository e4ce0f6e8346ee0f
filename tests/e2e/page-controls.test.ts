import { describe, expect, it } from 'vitest';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayFixture } from '../support/display-fixture.js';
import { type DisplayPage, type Rgb, until } from '../support/display-page.js';
import { AT_RISK, showScene } from '../support/page-scene.js';
import { pageForEachTest } from '../support/page-suite.js';

/** On the nerve's lower edge, away from its letter and from the clearance line. */
const ON_NERVE = { xPx: 150, yPx: 110 };
const BESIDE = { xPx: 100, yPx: 140 };

const title = browserTitle('the controls of the page');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let fixture: DisplayFixture;
  let display: DisplayPage;
  let frame: Awaited<ReturnType<typeof showScene>>;

  pageForEachTest({
    viewport: { width: 1024, height: 600 },
    async opened(open) {
      ({ fixture, display } = open);
      frame = await showScene(display, 1);
    },
  });

  const isYellow = ([red, green, blue]: Rgb) => red > 180 && green > 170 && blue < 120;
  const press = async (key: string) => {
    await display.page.keyboard.press(key);
    frame = await showScene(display, frame.frameId + 1);
  };
  const tap = async (selector: string) => {
    await display.page.tap(selector);
    frame = await showScene(display, frame.frameId + 1);
  };
  const attribute = (selector: string, name: string) => display.page.getAttribute(selector, name);

  it('hides the overlay with one key, with the button and with the foot switch', async () => {
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    await press('h');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(false);
    expect(await display.text('ribbon')).toContain('hidden by the operator');
    await tap('#hide');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    await press('F9');
    expect(await display.data('overlay')).toBe('hidden');
    expect(await attribute('#hide', 'aria-pressed')).toBe('true');
  });

  it('shows and hides each structure by itself, and says what it does not draw', async () => {
    await press('4');
    await tap('[data-class="nerve"]');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(false);
    expect(await display.data('notice')).toBe('NOT DRAWN: nerve');
    // The finding stays, whatever is drawn.
    expect(await display.text('nearest')).toContain('nerve');
    await display.page.focus('[data-class="nerve"]');
    await press('Enter');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    expect(await display.page.locator('[data-class]').count()).toBe(11);
  });

  it('zooms about the pointer, pans, and goes back to the whole image', async () => {
    await press('+');
    expect(await display.text('size')).toContain('zoom 1.3');
    await press('Shift+ArrowRight');
    await tap('#zoom-in');
    expect(await display.text('size')).toContain('zoom 1.6');
    await display.page.mouse.move(400, 400);
    await display.page.mouse.wheel(0, -100);
    await press('-');
    await tap('#zoom-out');
    await press('0');
    expect(await display.text('size')).not.toContain('zoom');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
  });

  it('zooms in when two fingers move apart, and out again when they close', async () => {
    const devTools = await display.page.context().newCDPSession(display.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', xs: readonly number[]) =>
      devTools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((x, id) => ({ x, y: 400, id })),
      });
    const pinch = async (from: number, to: number) => {
      await touch('touchStart', [400 - from]);
      await touch('touchStart', [400 - from, 400 + from]);
      for (let step = 1; step <= 4; step += 1) {
        const half = from + ((to - from) * step) / 4;
        await touch('touchMove', [400 - half, 400 + half]);
      }
      await touch('touchEnd', []);
      frame = await showScene(display, frame.frameId + 1);
    };
    await pinch(60, 120);
    expect(await display.text('size')).toContain('zoom 2.0');
    await pinch(120, 60);
    expect(await display.text('size')).not.toContain('zoom');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    await devTools.detach();
  });

  it('fills the screen with a key and with the button, and leaves it again', async () => {
    const isFull = () => display.page.evaluate(() => document.fullscreenElement !== null);
    await display.page.keyboard.press('f');
    await until('full screen', isFull);
    frame = await showScene(display, frame.frameId + 1);
    expect(await display.data('state')).toBe('LIVE');
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    await display.page.tap('#full');
    await until('the window', async () => !(await isFull()));
  });

  it('makes the image brighter and darker, and nothing else of the picture', async () => {
    expect(await display.pixelAt(frame, BESIDE)).toEqual([40, 40, 40]);
    await press(']');
    await press(']');
    expect((await display.pixelAt(frame, BESIDE))[0]).toBe(48);
    await press('4');
    expect(await display.text('brightness')).toBe('120 %');
    for (let step = 0; step < 4; step += 1) await tap('#darker');
    expect((await display.pixelAt(frame, BESIDE))[0]).toBe(32);
  });

  it('mirrors only after it was asked and confirmed; no single key does it', async () => {
    const wasAt = await display.pixelAt(frame, { xPx: 49, yPx: 110 });
    expect(isYellow(wasAt)).toBe(false);
    await press('m');
    expect(await display.isVisible('#mirror-sheet')).toBe(true);
    await press('m');
    await press('Enter');
    expect(await display.isVisible('#mirror-sheet')).toBe(false);
    expect(isYellow(await display.pixelAt(frame, ON_NERVE))).toBe(true);
    await press('m');
    await tap('#mirror-sheet button[value="mirror"]');
    // What was 150 px from the left is 150 px from the right of 200.
    expect(isYellow(await display.pixelAt(frame, { xPx: 49, yPx: 110 }))).toBe(true);
    await press('4');
    expect(await attribute('#mirror', 'aria-pressed')).toBe('true');
  });

  it('sounds an advisory once, and only after sound was turned on', async () => {
    frame = await showScene(display, frame.frameId + 1, [AT_RISK]);
    expect(await display.data('sounded')).toBeUndefined();
    expect(await display.text('advisory-announcement')).toBe('MEDIUM: Tip near a nerve.');
    await press('4');
    await tap('#sound-test');
    expect(await display.data('sounded')).toBe('1');
    await press('u');
    const later = { ...AT_RISK, sinceUs: 2 };
    frame = await showScene(display, frame.frameId + 1, [later]);
    frame = await showScene(display, frame.frameId + 1, [{ ...later, isSilenced: true }]);
    expect(await display.data('sounded')).toBe('2');
    expect(await display.page.textContent('.advisory .text')).toBe('Tip near a nerve.');
  });

  it('takes another key for a foot switch, keeps it, and swaps where the other one had it', async () => {
    await press('4');
    await tap('#pedal-hide');
    await press('PageDown');
    expect(await display.text('pedal-hide')).toContain('PageDown');
    await press('PageDown');
    expect(await display.data('overlay')).toBe('hidden');
    await tap('#pedal-injection');
    await press('PageDown');
    expect(await display.text('pedal-injection')).toContain('PageDown');
    expect(await display.text('pedal-hide')).toContain('F8');
    const stored = await display.page.evaluate(() => localStorage.getItem('echoline.display'));
    expect(JSON.parse(stored ?? '')).toMatchObject({ injectionPedal: 'PageDown', hidePedal: 'F8' });
  });

  it('lists every key in the help sheet, which no other key reaches through', async () => {
    await press('?');
    const listed = await display.text('help-keys');
    for (const key of ['F8', 'F9', 'H', 'S', '0', 'M', 'U', 'O', 'T', 'C', 'X', 'I', 'R', 'N']) {
      expect(listed).toContain(key);
    }
    await press('h');
    expect(await display.data('overlay')).toBe('current');
    await press('Escape');
    expect(await display.isVisible('#help-sheet')).toBe(false);
  });

  it('changes the theme with a key and keeps it', async () => {
    await press('d');
    expect(await display.data('theme')).toBe('contrast');
    await press('4');
    await tap('#theme');
    expect(await display.data('theme')).toBe('dark');
  });

  it('moves between the sheets of the panel with digits, arrows and touch', async () => {
    for (const [key, sheet] of [
      ['2', '#plan'],
      ['3', '#steps'],
      ['4', '#view'],
      ['1', '#findings'],
    ]) {
      await press(key ?? '');
      expect(await display.isVisible(sheet ?? '')).toBe(true);
    }
    await display.page.focus('#tab-findings');
    await press('ArrowRight');
    expect(await display.isVisible('#plan')).toBe(true);
    await tap('#tab-steps');
    expect(await display.isVisible('#steps')).toBe(true);
    // Advisories stay above every sheet.
    expect(await display.isVisible('.advisories')).toBe(true);
  });

  it('saves a picture with the overlay burned in, and one with the bare picture beside it', async () => {
    const saved = async (key: string) => {
      const download = display.page.waitForEvent('download');
      await display.page.keyboard.press(key);
      const file = await (await download).path();
      expect((await download).suggestedFilename()).toMatch(/^echoline-.*\.png$/);
      return file;
    };
    // A page that follows a fast stream on a busy computer has no idle time to encode in.
    await display.page.evaluate(() => {
      HTMLCanvasElement.prototype.toBlob = () => undefined;
    });
    const { default: sharp } = await import('sharp');
    const burned = await sharp(await saved('s'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const beside = await sharp(await saved('Shift+S'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = burned.info;
    expect(beside.info.width).toBe(2 * width);
    expect(beside.info.height).toBe(height);
    // 900 px for 160 rows, 46 and 28 px of margin: see snapshot.ts.
    const scale = 900 / 160;
    const x = Math.round(46 + (ON_NERVE.xPx + 0.5) * scale);
    const y = Math.round(28 + (ON_NERVE.yPx + 0.5) * scale);
    const at = ({ data, info }: typeof burned, left: number): Rgb => {
      const offset = (y * info.width + left) * channels;
      return [data[offset] ?? 0, data[offset + 1] ?? 0, data[offset + 2] ?? 0];
    };
    expect(isYellow(at(burned, x))).toBe(true);
    expect(at(beside, x)).toEqual([40, 40, 40]);
    expect(isYellow(at(beside, x + width))).toBe(true);
  });

  it('counts the service’s verdicts in the strip', async () => {
    fixture.streams = [
      { stream: 'test', state: 'streaming', verdicts: { ok: 41, superseded: 2, failed: 0 } },
    ];
    await until('the counts', async () => {
      await display.pass(250);
      return (await display.text('verdicts')) === '41 ok';
    });
    expect(await display.text('verdicts-detail')).toBe('2 superseded');
  });
});
