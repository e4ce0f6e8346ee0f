import { recordInto } from '../../src/clips/recorder.js';
import type { Advisory } from '../../src/domain/advisory.js';
import type { Frame } from '../../src/domain/frame.js';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import { NO_STAGE_MS, type Overlay } from '../../src/domain/overlay.js';
import type { Structure } from '../../src/domain/structure.js';
import { writeFindings } from '../../src/engine/written-findings.js';
import type { ProcedureCommand } from '../../src/protocol/procedure-commands.js';
import { ProcedureDesk, recordedEvent } from '../../src/session/procedure/procedure-desk.js';
import { testFrame } from './frames.js';
import { scriptedFrame, strokes } from './procedure-frames.js';
import { testProcedures } from './procedures.js';

/** Commands of the scripted procedure, by the frame before which they are given. */
type Script = Readonly<Record<number, readonly Record<string, unknown>[]>>;

const SEEN = { epoch: 0, frameId: 0, trackEpoch: 0 };
const FEMORAL = { type: 'start-procedure', protocol: 'femoral', side: 'left' };
const SCRIPT: Script = {
  0: [FEMORAL, { type: 'set-target', place: { kind: 'point', point: place(95, 58) }, ...SEEN }],
  20: [{ type: 'mark-entry', point: place(20, 15), ...SEEN }],
  60: [{ type: 'start-injection', step: 'aspirate' }],
  66: [{ type: 'stop-injection', volumeMl: 0 }],
  68: [{ type: 'start-injection', step: 'hydrodissection', volumeMl: 1 }],
  76: [{ type: 'stop-injection', volumeMl: 0.8 }],
  78: [{ type: 'note', text: 'no <b>paraesthesia</b>' }],
  86: [{ type: 'end-procedure' }],
};
const NERVE: Structure = {
  id: 3,
  class: 'nerve',
  rule: 'beside',
  keepOffMm: null,
  confidence: 0.8,
  contour: [place(96, 50), place(112, 50), place(116, 62), place(100, 66)],
  areaMm2: 20,
};
const AT_RISK: Advisory = {
  kind: 'rule-at-risk',
  priority: 'medium',
  text: 'nerve: close',
  structureId: 3,
  structureClass: 'nerve',
  sinceUs: 0,
  isSilenced: false,
};

function place(xPx: number, yPx: number) {
  return { xPx, yPx };
}

/**
 * Writes a recording of one scripted procedure below `parent`: a needle in, back and in again
 * beside a nerve, with an advisory, an aspiration and a bolus.
 *
 * @param isWithProcedure - false: nobody gave a command
 * @returns its folder
 */
export async function recordProcedure(parent: string, isWithProcedure = true): Promise<string> {
  const now = () => new Date('2026-11-26T12:00:00Z');
  const onProblem = (problem: string) => {
    throw new Error(problem);
  };
  const sink = recordInto(parent, { now, onProblem })('theatre', true);
  let nowUs = 0;
  const desk = new ProcedureDesk({
    stream: 'theatre',
    services: testProcedures(),
    readClockUs: () => nowUs,
    onPlan: () => undefined,
    onMessage: () => undefined,
    onEvent: (event) => sink.event(recordedEvent(event)),
    onOperator: () => undefined,
  });
  const path = strokes([12, 6, 12], { mmPerFrame: 0.3 });
  for (let index = 0; index < 90; index += 1) {
    const depth = path[Math.min(index, path.length - 1)] ?? null;
    const overlay = overlayAt(index, depth);
    nowUs = overlay.clock.receivedAtUs;
    const { frame } = frameAt(index);
    desk.observe({
      frame,
      trackEpoch: 0,
      receivedAtUs: nowUs,
      clock: null,
      result: { kind: 'ok', findings: writeFindings(overlay), stageMs: NO_STAGE_MS },
      recording: null,
    });
    for (const command of isWithProcedure ? (SCRIPT[index] ?? []) : []) {
      desk.receive({ commandId: String(index), ...command } as ProcedureCommand, 'trolley');
    }
    sink.frame(frame, nowUs);
    sink.overlay(overlay);
  }
  await sink.close();
  return `${parent}/theatre-20261126T120000Z`;
}

function frameAt(index: number): { readonly frame: Frame } {
  return { frame: testFrame(index, { spacing: { xMm: 0.1, yMm: 0.2 } }) };
}

function overlayAt(index: number, needle: Parameters<typeof scriptedFrame>[1]): Overlay {
  const scripted = scriptedFrame(index, needle);
  const { frame } = frameAt(index);
  const depthMm = needle?.depthMm ?? 0;
  const clearanceMm = 10.5 - 0.7 * depthMm;
  return {
    type: 'overlay',
    stream: 'theatre',
    epoch: frame.epoch,
    trackEpoch: 0,
    frameId: frame.frameId,
    captureTimeUs: frame.captureTimeUs,
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    spacing: frame.spacing,
    needle: { ...scripted.needle, radius90Px: 4, radius90Mm: 0.5 },
    structures: [NERVE],
    imageQuality: 0.8,
    guidance: {
      ...unavailableGuidance([]),
      validity: 'valid',
      clearances: [
        {
          structureId: 3,
          structureClass: 'nerve',
          clearanceMm,
          lowerBoundMm: clearanceMm - 0.8,
          trajectoryClearanceMm: null,
          trajectoryLowerBoundMm: null,
          reason: null,
        },
      ],
      nearest: {
        structureId: 3,
        structureClass: 'nerve',
        clearanceMm,
        lowerBoundMm: clearanceMm - 0.8,
      },
      tip: {
        image: { xMm: 2, yMm: 3 },
        world: null,
        depthMm: 3 + depthMm / 2,
        depthFrom: 'image-edge',
      },
      advisories: clearanceMm < 3 ? [AT_RISK] : [],
    },
    stageMs: NO_STAGE_MS,
    clock: {
      receivedAtUs: scripted.atUs,
      publishedAtUs: scripted.atUs + 10_000,
      cartOffsetUs: null,
      uncertaintyUs: null,
    },
    model: { id: 'guidenet', sha256: 'ab' },
  };
}
