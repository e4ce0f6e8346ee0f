import { describe, expect, it } from 'vitest';
import { toCanvas } from '../../src/display/viewport.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import type { DisplayFixture } from '../support/display-fixture.js';
import { type DisplayPage, until } from '../support/display-page.js';
import {
  AT_RISK,
  PROTOCOL,
  runningProcedure,
  showNext,
  showScene,
  tellProcedure,
} from '../support/page-scene.js';
import { pageForEachTest } from '../support/page-suite.js';

const title = browserTitle('a procedure on the page');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let fixture: DisplayFixture;
  let display: DisplayPage;
  let frame: Awaited<ReturnType<typeof showScene>>;

  pageForEachTest({
    viewport: { width: 1280, height: 800 },
    prepare({ answers }) {
      answers['/v1/protocols'] = { protocols: [PROTOCOL] };
      answers['/v1/procedures/p-1'] = {};
    },
    async opened(open) {
      ({ fixture, display } = open);
      frame = await showScene(display, 1);
    },
  });

  const draw = async () => {
    frame = await showScene(display, frame.frameId + 1);
  };
  const press = async (key: string) => {
    await display.page.keyboard.press(key);
    frame = await showNext(display, frame.frameId + 1);
  };
  const takeControl = async () => {
    const before = fixture.connectionCount();
    await display.page.tap('#take-control');
    await fixture.welcomed(before + 1);
    await until('control', async () => {
      await display.pass(250);
      return (await display.page.getAttribute('#take-control', 'aria-pressed')) === 'true';
    });
    await draw();
  };
  const told = async (state: Parameters<typeof tellProcedure>[1]) => {
    tellProcedure(fixture, state);
    await draw();
    await draw();
  };
  const command = async (type: string) => {
    await until(type, async () => fixture.commands.some((one) => one.type === type));
    return fixture.commands.filter((one) => one.type === type).at(-1);
  };

  it('before: shows the positioning card and what must be seen, and starts with protocol and side', async () => {
    await press('2');
    await until('the card', async () => {
      await display.pass(250);
      return display.isVisible('#positioning-card');
    });
    expect(await display.text('positioning')).toContain('Supine, leg slightly turned out.');
    await draw();
    const seen = await display.page
      .locator('#must-see li')
      .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.seen));
    expect(seen).toEqual(['yes', 'no']);
    // An observer may look and prepare, not start.
    expect(await display.page.isDisabled('#start-procedure')).toBe(true);
    await takeControl();
    await display.page.tap('#side-left');
    await display.page.tap('#start-procedure');
    expect(await command('start-procedure')).toMatchObject({ protocol: 'femoral', side: 'left' });
  });

  it('shows side, technique, protocol and operator for as long as the procedure runs', async () => {
    fixture.sendInfo({ ...fixture.info, operatorName: 'Dr Example' });
    await told(runningProcedure({ side: null }));
    expect(await display.text('case-side')).toBe('NOT CONFIRMED');
    expect(await display.text('case-technique')).toBe('in-plane');
    expect(await display.text('case-protocol')).toBe('Femoral nerve');
    expect(await display.text('case-operator')).toBe('Dr Example');
    await told(runningProcedure({ side: 'right' }));
    expect(await display.text('case-side')).toBe('RIGHT');
    await told(runningProcedure({ endedAtUs: 9 }));
    expect(await display.text('case-protocol')).toBe('none: default rules');
  });

  it('sets the target where the image is clicked, in the pixels of the image', async () => {
    await takeControl();
    await told(runningProcedure());
    await press('3');
    await display.page.tap('#target-set');
    await draw();
    const { x, y } = toCanvas(await display.viewport(frame), { xPx: 60, yPx: 40 });
    const box = await display.page.locator('#canvas').boundingBox();
    await display.page.mouse.click((box?.x ?? 0) + x, (box?.y ?? 0) + y);
    const sent = await command('set-target');
    const place = (sent as { place?: { point: { xPx: number; yPx: number } } }).place;
    expect(place?.point.xPx).toBeCloseTo(60, 0);
    expect(place?.point.yPx).toBeCloseTo(40, 0);
    expect(sent).toMatchObject({ epoch: 0, frameId: frame.frameId, trackEpoch: 0 });
  });

  it('sets, confirms and clears the target with the keyboard alone', async () => {
    await takeControl();
    await told(runningProcedure());
    await press('t');
    await press('ArrowRight');
    await press('ArrowDown');
    await press('Enter');
    const sent = await command('set-target');
    const place = (sent as { place?: { point: { xPx: number; yPx: number } } }).place;
    expect(place?.point.xPx).toBeGreaterThan(99.5);
    expect(place?.point.yPx).toBeGreaterThan(79.5);
    await press('c');
    await command('confirm-target');
    await press('x');
    await command('clear-target');
  });

  it('starts and stops the injection with the foot switch, whatever has the focus', async () => {
    await takeControl();
    await told(runningProcedure());
    await press('3');
    await display.page.fill('#injection-volume', '2.5');
    await display.page.focus('#injection-volume');
    await display.page.keyboard.press('F8');
    expect(await command('start-injection')).toMatchObject({ step: 'injection', volumeMl: 2.5 });
    const injection = {
      injection: 1,
      step: 'injection' as const,
      plannedMl: 2.5,
      givenMl: null,
      startedAtUs: 5,
      endedAtUs: null,
    };
    await told(runningProcedure({ injections: [injection] }));
    expect(await display.text('injection-words')).toBe('Injecting 2.5 ml …');
    await display.page.keyboard.press('F8');
    expect(await command('stop-injection')).toMatchObject({ volumeMl: 2.5 });
    await told(runningProcedure({ injections: [{ ...injection, givenMl: 2, endedAtUs: 8 }] }));
    await display.page.tap('#step-hydrodissection');
    expect(await command('start-injection')).toMatchObject({ step: 'hydrodissection' });
  });

  it('says why a command was refused, and silences an advisory', async () => {
    await takeControl();
    await told(runningProcedure());
    await press('3');
    frame = await showScene(display, frame.frameId + 1, [AT_RISK]);
    await display.page.tap('.silence');
    const sent = await command('acknowledge-advisory');
    expect(sent).toMatchObject({ advisory: 'rule-at-risk' });
    const { commandId } = sent ?? {};
    const refusal = { type: 'command-refused', commandId, code: 'X', message: 'not <now>' };
    fixture.sendText(JSON.stringify(refusal));
    await until('the words', async () => (await display.text('command-words')) !== '');
    expect(await display.text('command-words')).toBe('Refused: not <now>');
  });

  it('after: shows the summary with a link to the service’s report', async () => {
    const metrics = { passes: 2, redirections: 1, tipVisibleShare: 0.75, unseenAdvanceMm: null };
    fixture.answers['/v1/procedures/p-1'] = { durationMs: 90_000, metrics };
    await takeControl();
    await told(runningProcedure());
    await press('3');
    await display.page.tap('#end-procedure');
    await command('end-procedure');
    await told(runningProcedure({ endedAtUs: 9 }));
    await until('the figures', async () => {
      await display.pass(250);
      return (await display.text('summary-figures')) !== '';
    });
    expect(await display.text('summary-figures')).toBe(
      'Duration1.5 minPasses2Redirections1of that, tip visible75 %',
    );
    expect(await display.page.getAttribute('#summary-link', 'href')).toBe(
      '/v1/procedures/p-1/report',
    );
  });
});
