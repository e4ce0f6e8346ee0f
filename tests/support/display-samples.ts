import { fitViewport, type Viewport } from '../../src/display/viewport.js';
import type { Frame } from '../../src/domain/frame.js';
import { NO_EXTENSIONS } from '../../src/domain/frame.js';
import { type Guidance, unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle, type Needle } from '../../src/domain/needle.js';
import { NO_STAGE_MS, type Overlay } from '../../src/domain/overlay.js';
import type { Structure } from '../../src/domain/structure.js';

const VALID: Guidance = { ...unavailableGuidance([]), validity: 'valid' };

/** A gray frame, all of one brightness unless a payload is given. */
export function sampleFrame(frameId: number, changes: Partial<Frame> = {}): Frame {
  const widthPx = changes.widthPx ?? 200;
  const heightPx = changes.heightPx ?? 160;
  return {
    epoch: 0,
    frameId,
    captureTimeUs: frameId * 33_333,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx,
    heightPx,
    strideBytes: widthPx,
    spacing: { xMm: 0.25, yMm: 0.25 },
    extensions: NO_EXTENSIONS,
    payload: new Uint8Array(widthPx * heightPx).fill(40),
    ...changes,
  };
}

/** A canvas with room for a sample frame: two device pixels an image pixel, image at (50, 40). */
export function sampleViewport(frame: Frame): Viewport {
  return fitViewport({
    image: frame,
    canvas: { width: 500, height: 400 },
    devicePixelRatio: 1,
    spacing: frame.spacing,
    zoom: 1,
    marginCssPx: { x: 50, y: 40 },
  });
}

/** A needle whose tip is visible at a place. */
export function visibleNeedle(xPx: number, yPx: number, radius90Px = 8): Needle {
  return {
    state: 'tip-visible',
    tip: { xPx, yPx },
    tipReason: null,
    confidence: 0.9,
    radius90Px,
    radius90Mm: radius90Px * 0.25,
    shaft: { from: { xPx: 0, yPx: yPx - xPx / 2 }, to: { xPx, yPx } },
    angleDeg: 26.6,
    approach: 'in-plane',
  };
}

/** The overlay of a frame: by default no needle and no structure. */
export function sampleOverlay(frame: Frame, changes: Partial<Overlay> = {}): Overlay {
  return {
    type: 'overlay',
    stream: 'test',
    epoch: frame.epoch,
    trackEpoch: 0,
    frameId: frame.frameId,
    captureTimeUs: frame.captureTimeUs,
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    spacing: frame.spacing,
    needle: absentNeedle('no-needle'),
    structures: [],
    imageQuality: 0.8,
    guidance: VALID,
    stageMs: NO_STAGE_MS,
    clock: {
      receivedAtUs: 1_000_000,
      publishedAtUs: 1_008_000,
      cartOffsetUs: null,
      uncertaintyUs: null,
    },
    model: { id: 'guidenet', sha256: 'a'.repeat(64) },
    ...changes,
  };
}

/** A rectangular structure. */
export function sampleStructure(
  structureClass: Structure['class'],
  left: number,
  top: number,
  right: number,
  bottom: number,
): Structure {
  return {
    id: 1,
    class: structureClass,
    rule: 'do-not-enter',
    keepOffMm: null,
    confidence: 0.8,
    contour: [
      { xPx: left, yPx: top },
      { xPx: right, yPx: top },
      { xPx: right, yPx: bottom },
      { xPx: left, yPx: bottom },
    ],
    areaMm2: null,
  };
}
