import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Needle } from '../../src/domain/needle.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { writeArtifact } from '../support/artifacts.js';
import {
  BROWSER_MISSING,
  browserTitle,
  startBrowser,
  type TestBrowser,
} from '../support/browser.js';
import { sampleFrame, sampleOverlay, visibleNeedle } from '../support/display-samples.js';
import {
  openSdkPage,
  type ScriptedScene,
  type SdkPage,
  scriptedScene,
} from '../support/display-sdk.js';
import { phantomPicture } from '../support/phantom-picture.js';

const frame = sampleFrame(1);
const ELLIPSE = Array.from({ length: 40 }, (_, index) => {
  const angle = (index / 40) * 2 * Math.PI;
  return { xPx: 90 + 34 * Math.cos(angle), yPx: 85 + 22 * Math.sin(angle) };
});
const NERVE = {
  id: 1,
  class: 'nerve',
  rule: 'do-not-enter',
  keepOffMm: null,
  confidence: 0.9,
  contour: ELLIPSE,
  areaMm2: null,
} as const;

/** Every way to look at a picture: whole or magnified elsewhere, mirrored or not, sharp or not. */
const LOOKS: readonly Partial<ScriptedScene>[] = [1, 1.5, 2].flatMap((devicePixelRatio) =>
  [false, true].flatMap((isMirrored) => [
    { devicePixelRatio, isMirrored },
    { devicePixelRatio, isMirrored, zoom: 1.7, centre: { xPx: 95, yPx: 88 } },
  ]),
);

const title = browserTitle('the display SDK on a canvas of its host');

describe.skipIf(BROWSER_MISSING !== null)(title, () => {
  let browser: TestBrowser;
  let sdk: SdkPage;

  beforeAll(async () => {
    browser = await startBrowser({ width: 1280, height: 720 });
    sdk = await openSdkPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
  });

  const farthest = (offsets: readonly (number | null)[]): number =>
    Math.max(...offsets.map((offset) => (offset === null ? 999 : Math.abs(offset))));

  it('rings the tip within 1.5 pixels, however it is zoomed, mirrored and sharp', async () => {
    await sdk.call('setPicture', frame.widthPx, frame.heightPx, 40);
    for (const look of LOOKS) {
      const needle = { ...visibleNeedle(100.5, 80.25, 10), shaft: null };
      const scene = scriptedScene(frame, sampleOverlay(frame, { needle }), look);
      const offsets = await sdk.call('ringOffsets', scene);
      expect([look, farthest(offsets) <= 1.5]).toEqual([look, true]);
    }
  });

  it('outlines a structure within 2 pixels, and fills nothing of it', async () => {
    await sdk.call('setPicture', frame.widthPx, frame.heightPx, 40);
    for (const look of LOOKS) {
      const scene = scriptedScene(frame, sampleOverlay(frame, { structures: [NERVE] }), look);
      // Where the letter stands there is yellow beside the line: those corners are left out.
      const offsets = (await sdk.call('contourOffsets', scene)).filter(
        (_, index) => (ELLIPSE[index]?.yPx ?? 0) > 75,
      );
      expect([look, farthest(offsets) <= 2]).toEqual([look, true]);
      const viewport = await sdk.call('draw', scene);
      const inside = [90, 80, 100].map((xPx) => ({ xPx, yPx: 88 }));
      for (const colour of await sdk.call('coloursAt', viewport, inside)) {
        expect(colour).toEqual([40, 40, 40]);
      }
    }
  });

  it('draws a full overlay at 1280 × 720 in a few milliseconds', async () => {
    const { structures } = LIVE;
    expect(structures.length).toBeGreaterThanOrEqual(3);
    await setPhantom();
    const scene = phantomScene(LIVE, { cssSize: { width: 1280, height: 720 } });
    const figures = await sdk.call('timeDraws', scene);
    writeArtifact('display-draw-time.json', `${JSON.stringify(figures)}\n`);
    // The aim is 4 ms (docs/display.md); a busy machine must not fail the test.
    expect(figures.overlay.medianMs).toBeLessThan(80);
  });

  const { frame: phantom, structures } = phantomPicture();
  const LIVE = liveOverlay();

  const phantomScene = (overlay: Overlay, changes: Partial<ScriptedScene> = {}): ScriptedScene =>
    scriptedScene(phantom, overlay, { cssSize: { width: 1024, height: 720 }, ...changes });

  async function setPhantom(): Promise<void> {
    const gray = Buffer.from(phantom.payload).toString('base64');
    await sdk.call('setPicture', phantom.widthPx, phantom.heightPx, gray);
  }

  function liveOverlay(): Overlay {
    const base = sampleOverlay(phantom, { needle: needleAt(), structures });
    return {
      ...base,
      guidance: {
        ...base.guidance,
        nearest: { structureId: 1, structureClass: 'nerve', clearanceMm: 4.2, lowerBoundMm: 2.9 },
        tip: { image: { xMm: 9, yMm: 9 }, world: null, depthMm: 13.4, depthFrom: 'face' },
        trajectory: {
          segment: { from: { xPx: 250, yPx: 200 }, to: { xPx: 640, yPx: 395 } },
          meets: null,
        },
        target: {
          state: 'held',
          point: { xPx: 330, yPx: 330 },
          toleranceMm: 2,
          distanceMm: 11.7,
          upperBoundMm: 13.2,
          angleErrorDeg: 12,
          reason: null,
        },
      },
    };
  }

  function needleAt(changes: Partial<Needle> = {}): Needle {
    const needle = visibleNeedle(250, 200, 11);
    return {
      ...needle,
      shaft: { from: { xPx: 0, yPx: 75 }, to: { xPx: 250, yPx: 200 } },
      ...changes,
    };
  }

  const noTip = { tip: null, radius90Px: null, radius90Mm: null } as const;
  const bare = { ...LIVE.guidance, nearest: null, tip: null, trajectory: null, target: null };
  const STATES: readonly (readonly [string, Overlay, Partial<ScriptedScene>])[] = [
    ['live', LIVE, {}],
    ['coasting', { ...LIVE, guidance: bare, needle: needleAt({ state: 'tip-coasting' }) }, {}],
    [
      'shaft-only',
      { ...LIVE, guidance: bare, needle: needleAt({ ...noTip, state: 'shaft-only' }) },
      {},
    ],
    [
      'out-of-plane',
      { ...LIVE, guidance: bare, needle: needleAt({ ...noTip, state: 'out-of-plane' }) },
      {},
    ],
    [
      'lost',
      { ...LIVE, guidance: bare, needle: needleAt({ ...noTip, state: 'lost', shaft: null }) },
      {},
    ],
    [
      'unseen',
      { ...LIVE, guidance: { ...LIVE.guidance, nearest: null, unseen: ['nerve', 'vessel'] } },
      {},
    ],
    ['frozen', { ...LIVE, guidance: { ...bare, target: movedTarget() } }, { notice: 'FROZEN' }],
    ['invalid', LIVE, { opacity: 0, notice: 'OVERLAY INVALID' }],
    ['fading', LIVE, { opacity: 0.4 }],
    ['injectate', withInjectate(), {}],
    ['mirrored', LIVE, { isMirrored: true, zoom: 1.6, centre: { xPx: 280, yPx: 220 } }],
    ['tablet', LIVE, { cssSize: { width: 560, height: 420 } }],
  ];

  function movedTarget() {
    const { target } = LIVE.guidance;
    if (target === null) throw new Error('no target');
    return { ...target, state: 'moved', distanceMm: null, upperBoundMm: null } as const;
  }

  function withInjectate(): Overlay {
    const pool = ELLIPSE.map(({ xPx, yPx }) => ({ xPx: xPx * 1.6 + 130, yPx: yPx * 1.2 + 120 }));
    const injectate = { ...NERVE, id: 9, class: 'injectate', rule: 'none', contour: pool } as const;
    const prediction = { tip: { xPx: 270, yPx: 210 }, aheadMs: 60, radius90Px: 14, radius90Mm: 1 };
    return { ...LIVE, structures: [...structures, { ...injectate, areaMm2: 84.4 }], prediction };
  }

  it('draws every state without a complaint, for people to look at in artifacts', async () => {
    await setPhantom();
    const looks = new Set<string>();
    for (const [name, overlay, changes] of STATES) {
      const scene = phantomScene(overlay, changes);
      await sdk.call('draw', scene);
      const picture = await sdk.page.locator('canvas').last().screenshot();
      writeArtifact(`display-sdk-${name}.png`, picture);
      looks.add(picture.toString('base64'));
    }
    expect(looks.size).toBe(STATES.length);
    expect(sdk.faults).toEqual([]);
  });
});
