import { unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle } from '../../src/domain/needle.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { NO_STAGE_MS } from '../../src/domain/overlay.js';

/** An overlay with everything in it; `changes` replace fields. */
export function sampleOverlay(changes: Partial<Overlay> = {}): Overlay {
  return {
    type: 'overlay',
    stream: 'demo',
    epoch: 0,
    trackEpoch: 2,
    frameId: 7,
    captureTimeUs: 1_000,
    image: { widthPx: 512, heightPx: 512 },
    spacing: { xMm: 0.1, yMm: 0.1 },
    needle: {
      state: 'tip-visible',
      tip: { xPx: 100.25, yPx: 200.5 },
      tipReason: null,
      confidence: 0.9,
      radius90Px: 3,
      radius90Mm: 0.3,
      shaft: { from: { xPx: 0, yPx: 100 }, to: { xPx: 100.25, yPx: 200.5 } },
      angleDeg: 45,
      approach: 'in-plane',
    },
    structures: [
      {
        id: 1,
        class: 'nerve',
        rule: 'do-not-enter',
        keepOffMm: null,
        confidence: 0.8,
        contour: [
          { xPx: 1, yPx: 1 },
          { xPx: 5, yPx: 1 },
          { xPx: 3, yPx: 4 },
        ],
        areaMm2: null,
      },
    ],
    imageQuality: 0.8,
    guidance: {
      validity: 'valid',
      reasons: [],
      unseen: ['artery'],
      clearances: [
        {
          structureId: 1,
          structureClass: 'nerve',
          clearanceMm: 4.2,
          lowerBoundMm: 3.1,
          trajectoryClearanceMm: -0.4,
          trajectoryLowerBoundMm: -1.2,
          reason: null,
        },
      ],
      nearest: { structureId: 1, structureClass: 'nerve', clearanceMm: 4.2, lowerBoundMm: 3.1 },
      tip: {
        image: { xMm: 0.1, yMm: 0.2 },
        world: { xMm: 1, yMm: 2, zMm: 3 },
        depthMm: 0.2,
        depthFrom: 'face',
      },
      insertion: { angleDeg: 45, headingDeg: 45, speedMmPerS: 3, entry: { xPx: 0, yPx: 1 } },
      target: {
        state: 'held',
        point: { xPx: 9, yPx: 9 },
        toleranceMm: 2,
        distanceMm: 1,
        upperBoundMm: 1.4,
        angleErrorDeg: 12,
        reason: null,
      },
      trajectory: {
        segment: { from: { xPx: 1, yPx: 2 }, to: { xPx: 3, yPx: 4 } },
        meets: {
          kind: 'structure',
          structureId: 1,
          structureClass: 'nerve',
          point: { xPx: 2, yPx: 3 },
          distanceMm: 4,
        },
      },
      advisories: [
        {
          kind: 'trajectory-crosses',
          priority: 'low',
          text: 'Trajectory meets a nerve',
          structureId: 1,
          structureClass: 'nerve',
          sinceUs: 12,
          isSilenced: true,
        },
      ],
    },
    stageMs: NO_STAGE_MS,
    clock: { receivedAtUs: 10, publishedAtUs: 20.5, cartOffsetUs: -5, uncertaintyUs: 3 },
    model: { id: 'guidenet', sha256: 'ab' },
    ...changes,
  };
}

/** An overlay of a frame the engine could not look at. */
export function unavailableOverlay(): Overlay {
  return sampleOverlay({
    spacing: null,
    needle: absentNeedle('engine-unavailable'),
    structures: [],
    imageQuality: null,
    guidance: unavailableGuidance(['engine-unavailable']),
    clock: { receivedAtUs: 10, publishedAtUs: 20, cartOffsetUs: null, uncertaintyUs: null },
  });
}
