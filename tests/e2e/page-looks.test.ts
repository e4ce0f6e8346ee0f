import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayPage } from '../support/display-page.js';
import {
  AT_RISK,
  PROTOCOL,
  runningProcedure,
  showScene,
  tellProcedure,
} from '../support/page-scene.js';
import { pageForAllTests } from '../support/page-suite.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TABS = ['1', '2', '3', '4'];
const SIZES = [
  { width: 1024, height: 600 },
  { width: 1280, height: 800 },
  { width: 3840, height: 2160 },
];

describe.skipIf(BROWSER_MISSING !== null).each(SIZES)(
  browserTitle('how the page looks at $width × $height'),
  (size) => {
    let display: DisplayPage;
    let frameId = 1;

    pageForAllTests({
      viewport: size,
      prepare(service) {
        service.info = { ...service.info, isSimulated: true, operatorName: 'Dr A. Very-Long-Name' };
        service.answers['/v1/protocols'] = { protocols: [PROTOCOL] };
        service.streams = [
          {
            stream: 'test',
            state: 'streaming',
            verdicts: { ok: 120_000, superseded: 35, failed: 2 },
          },
        ];
      },
      async opened(open) {
        display = open.display;
        display.page.setDefaultTimeout(60_000);
        tellProcedure(open.fixture, runningProcedure({ side: null }));
        await show();
      },
    });

    async function show(): Promise<void> {
      const second = { ...AT_RISK, kind: 'probe-moved', priority: 'low' } as const;
      await showScene(display, frameId, [AT_RISK, second]);
      frameId += 10;
    }

    it.each(TABS)('fits the screen without a scroll bar or an overlap, sheet %s', async (tab) => {
      await display.page.keyboard.press(tab);
      await show();
      await display.page.screenshot({ path: `artifacts/page-${size.width}-sheet-${tab}.png` });
      const faults = await display.page.evaluate(findLayoutFaults);
      expect(faults).toEqual([]);
    });

    it.runIf(size.width === 1280).each(['dark', 'contrast'])(
      'has no serious finding of axe-core in the theme %s, on any sheet',
      async (theme) => {
        const source = await readFile(AXE, 'utf8');
        await display.page.evaluate(source);
        if ((await display.data('theme')) !== theme) await display.page.keyboard.press('d');
        // axe waits with timers of the page, whose time stands still otherwise.
        await display.page.clock.resume();
        for (const tab of TABS) {
          await display.page.keyboard.press(tab);
          const found = await display.page.evaluate(runAxe);
          expect(found).toEqual([]);
        }
      },
    );
  },
);

/** Runs in the page: what scrolls, hangs out, or lies over something else that can be used. */
function findLayoutFaults(): string[] {
  const faults: string[] = [];
  const { innerWidth, innerHeight } = window;
  const nameOf = (element: Element) => element.id || element.className || element.tagName;
  for (const element of document.querySelectorAll<HTMLElement>(
    'html, body, main, .panel, .sheet',
  )) {
    if (element.offsetParent === null && element.tagName !== 'HTML') continue;
    if (element.scrollHeight > element.clientHeight + 1) faults.push(`${nameOf(element)} scrolls`);
    if (element.scrollWidth > element.clientWidth + 1) faults.push(`${nameOf(element)} is wide`);
  }
  const solid = [
    ...document.querySelectorAll<HTMLElement>('button, select, input, .reading, .badge, .advisory'),
  ].filter((element) => element.offsetParent !== null && element.getClientRects().length > 0);
  const boxes = solid.map((element) => [element, element.getBoundingClientRect()] as const);
  for (const [element, box] of boxes) {
    const isOut =
      box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
    if (isOut) faults.push(`${nameOf(element)} hangs out of the screen`);
    const isButton = element.tagName === 'BUTTON' || element.tagName === 'SELECT';
    if (isButton && (box.width < 43.5 || box.height < 43.5)) {
      if (element.className !== 'silence') faults.push(`${nameOf(element)} is too small to touch`);
    }
  }
  for (const [index, [a, first]] of boxes.entries()) {
    for (const [b, second] of boxes.slice(index + 1)) {
      if (a.contains(b) || b.contains(a)) continue;
      const isOver =
        first.left < second.right - 1 &&
        second.left < first.right - 1 &&
        first.top < second.bottom - 1 &&
        second.top < first.bottom - 1;
      if (isOver) faults.push(`${nameOf(a)} and ${nameOf(b)} overlap`);
    }
  }
  return faults;
}

/** Runs in the page, after axe-core was put there: serious and critical findings by element. */
async function runAxe(): Promise<string[]> {
  interface AxeResults {
    violations: { id: string; impact: string; nodes: { target: unknown[]; any: unknown }[] }[];
  }
  const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
  const { violations } = await axe.run();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target)}`));
}
