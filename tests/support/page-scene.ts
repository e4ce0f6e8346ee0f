import type { Advisory } from '../../src/domain/advisory.js';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { ProcedureState } from '../../src/protocol/procedure-messages.js';
import type { ProcedureProtocol } from '../../src/protocol/procedure-protocol.js';
import type { DisplayFixture } from './display-fixture.js';
import type { DisplayPage } from './display-page.js';
import { sampleFrame, sampleOverlay, sampleStructure, visibleNeedle } from './display-samples.js';

const NEAREST = {
  structureId: 1,
  structureClass: 'nerve',
  clearanceMm: 4.2,
  lowerBoundMm: 2.6,
} as const;

/** An advisory of medium priority. */
export const AT_RISK: Advisory = {
  kind: 'rule-at-risk',
  priority: 'medium',
  text: 'Tip near a nerve.',
  structureId: 1,
  structureClass: 'nerve',
  sinceUs: 1,
  isSilenced: false,
};

/** A frame of the scene: gray, 200 × 160, 0.25 mm a pixel. */
function sceneFrame(frameId: number): Frame {
  return sampleFrame(frameId);
}

/** A needle near a nerve, an artery and a vein. */
export function sceneOverlay(frame: Frame, advisories: readonly Advisory[] = []): Overlay {
  const base = sampleOverlay(frame);
  const clearance = { trajectoryClearanceMm: 1, trajectoryLowerBoundMm: 0, reason: null };
  return sampleOverlay(frame, {
    needle: visibleNeedle(90, 70, 8),
    structures: [
      { ...sampleStructure('nerve', 130, 80, 165, 110), id: 1, rule: 'beside' },
      { ...sampleStructure('artery', 20, 100, 55, 135), id: 2 },
      { ...sampleStructure('vein', 150, 20, 185, 50), id: 3 },
    ],
    guidance: {
      ...base.guidance,
      nearest: NEAREST,
      clearances: [{ ...NEAREST, ...clearance }],
      tip: { image: { xMm: 22, yMm: 17 }, world: null, depthMm: 17.5, depthFrom: 'face' },
      advisories,
    },
  });
}

/** Shows one frame of the scene: enough for all but the figures, which are paced. */
export async function showNext(display: DisplayPage, frameId: number): Promise<Frame> {
  const frame = sceneFrame(frameId);
  await display.show(frame, sceneOverlay(frame));
  return frame;
}

/** Shows frames of the scene until the figures are there and current. */
export async function showScene(
  display: DisplayPage,
  fromId: number,
  advisories: readonly Advisory[] = [],
): Promise<Frame> {
  let frame = sceneFrame(fromId);
  for (let frameId = fromId; frameId < fromId + 3; frameId += 1) {
    frame = sceneFrame(frameId);
    await display.show(frame, sceneOverlay(frame, advisories));
    // The figures are due every 200 ms; an overlay of a slow stream is current for longer.
    await display.pass(80);
  }
  return frame;
}

/** A protocol as the service lists it. */
export const PROTOCOL: ProcedureProtocol = {
  id: 'femoral',
  title: 'Femoral nerve',
  region: 'groin',
  positioning: {
    patient: 'Supine, leg slightly turned out.',
    probe: 'Transverse in the groin.',
    probeGeometry: 'linear',
    source: 'test',
  },
  expectedDepthMm: { from: 10, to: 40, source: 'test' },
  needle: {
    technique: 'in-plane',
    approach: 'From lateral.',
    gaugeFrom: 22,
    gaugeTo: 25,
    source: 'test',
  },
  structures: [
    structureRule('nerve', 'femoral nerve', 'beside'),
    structureRule('pleura', 'pleura', 'do-not-enter'),
  ],
  target: { name: 'beside the nerve', toleranceMm: 2, source: 'test' },
  warning: { enterMm: 3, leaveMm: 4, source: 'test' },
  spread: { notSeenAfterMs: 3000, source: 'test' },
  ultrasoundAlone: { isSuitable: true, words: 'Yes.', source: 'test' },
};

function structureRule(
  structureClass: 'nerve' | 'pleura',
  name: string,
  rule: 'beside' | 'do-not-enter',
): ProcedureProtocol['structures'][number] {
  return {
    class: structureClass,
    name,
    rule,
    keepOffMm: null,
    mustSee: true,
    warning: null,
    source: 'test',
  };
}

/** A procedure that was just started. */
export function runningProcedure(changes: Partial<ProcedureState> = {}): ProcedureState {
  return {
    procedure: 'p-1',
    protocol: PROTOCOL,
    side: 'left',
    technique: 'in-plane',
    target: null,
    entry: null,
    injections: [],
    isFrozen: false,
    startedAtUs: 1,
    endedAtUs: null,
    ...changes,
  };
}

/** Tells the page the state of the procedure. */
export function tellProcedure(fixture: DisplayFixture, state: ProcedureState | null): void {
  fixture.sendText(JSON.stringify({ type: 'procedure', state, event: null, commandId: null }));
}
