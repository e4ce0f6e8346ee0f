import fc from 'fast-check';
import {
  type Frame,
  type FrameExtensions,
  IMAGING_MODES,
  NO_EXTENSIONS,
  ORIENTATIONS,
  PIXEL_FORMATS,
  PROBE_GEOMETRIES,
} from '../../src/domain/frame.js';
import { bytesPerPixel } from '../../src/protocol/frame-header.js';

/** A small valid gray frame; `changes` replace fields. */
export function grayFrame(changes: Partial<Frame> = {}): Frame {
  const { widthPx = 4, heightPx = 3 } = changes;
  const { strideBytes = widthPx } = changes;
  return {
    epoch: 1,
    frameId: 7,
    captureTimeUs: 1_000_000,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx,
    heightPx,
    strideBytes,
    spacing: { xMm: 0.125, yMm: 0.25 },
    extensions: NO_EXTENSIONS,
    payload: Uint8Array.from({ length: strideBytes * heightPx }, (_, index) => index % 251),
    ...changes,
  };
}

/** A frame with every extension. */
export function richFrame(): Frame {
  return grayFrame({
    extensions: {
      probePose: [1, 0, 0, 10.5, 0, 1, 0, -4, 0, 0, 1, 0.25, 0, 0, 0, 1],
      depthMm: 40,
      gainDb: -3.5,
      imagingMode: 'b',
      panes: [
        { rect: { xPx: 0, yPx: 0, widthPx: 2, heightPx: 3 }, spacing: { xMm: 0.5, yMm: 0.5 } },
        { rect: { xPx: 2, yPx: 1, widthPx: 2, heightPx: 2 }, spacing: null },
      ],
      sourceLatency: { latencyMs: 16.5, uncertaintyMs: 4 },
      sector: {
        apexXPx: 2,
        apexYPx: -10,
        radiusMinPx: 12,
        radiusMaxPx: 100,
        angleMinDeg: -30,
        angleMaxDeg: 30,
      },
      deviceText: 'Sonde é 5 MHz',
    },
  });
}

const f32 = (min: number, max: number) =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });
const spacing = fc.option(fc.record({ xMm: f32(1e-4, 100), yMm: f32(1e-4, 100) }));
const u64 = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.constantFrom(2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);

function extensions(widthPx: number, heightPx: number): fc.Arbitrary<FrameExtensions> {
  const pane = fc
    .record({
      xPx: fc.integer({ min: 0, max: widthPx - 1 }),
      yPx: fc.integer({ min: 0, max: heightPx - 1 }),
      spacing,
    })
    .map(({ xPx, yPx, spacing: paneSpacing }) => ({
      rect: { xPx, yPx, widthPx: widthPx - xPx, heightPx: heightPx - yPx },
      spacing: paneSpacing,
    }));
  return fc.record({
    probePose: fc.option(fc.array(f32(-1e6, 1e6), { minLength: 16, maxLength: 16 })),
    depthMm: fc.option(f32(1, 400)),
    gainDb: fc.option(f32(-100, 100)),
    imagingMode: fc.option(fc.constantFrom(...IMAGING_MODES)),
    panes: fc.array(pane, { maxLength: 4 }),
    sourceLatency: fc.option(fc.record({ latencyMs: f32(0, 500), uncertaintyMs: f32(0, 50) })),
    sector: fc.option(
      fc.record({
        apexXPx: f32(-500, 500),
        apexYPx: f32(-500, 500),
        radiusMinPx: f32(0, 100),
        radiusMaxPx: f32(101, 900),
        angleMinDeg: f32(-90, -1),
        angleMaxDeg: f32(1, 90),
      }),
    ),
    deviceText: fc.option(fc.string({ unit: 'binary', maxLength: 16 })),
  });
}

/** Every valid frame of at most 9 × 9 pixels, whose numbers fit single precision exactly. */
export const arbitraryFrame: fc.Arbitrary<Frame> = fc
  .record({
    widthPx: fc.integer({ min: 1, max: 9 }),
    heightPx: fc.integer({ min: 1, max: 9 }),
    format: fc.constantFrom(...PIXEL_FORMATS),
    padding: fc.integer({ min: 0, max: 5 }),
  })
  .chain(({ widthPx, heightPx, format, padding }) => {
    const pixelBytes = bytesPerPixel(format);
    const strideBytes = pixelBytes === 0 ? 0 : widthPx * pixelBytes + padding;
    const payloadBytes = pixelBytes === 0 ? 17 + padding : strideBytes * heightPx;
    return fc.record({
      epoch: fc.integer({ min: 0, max: 0xffff_ffff }),
      frameId: u64,
      captureTimeUs: u64,
      flags: fc.record({
        isFrozen: fc.boolean(),
        geometryChanged: fc.boolean(),
        mayCarryText: fc.boolean(),
      }),
      format: fc.constant(format),
      probeGeometry: fc.constantFrom(...PROBE_GEOMETRIES),
      orientation: fc.constantFrom(...ORIENTATIONS),
      widthPx: fc.constant(widthPx),
      heightPx: fc.constant(heightPx),
      strideBytes: fc.constant(strideBytes),
      spacing,
      extensions: extensions(widthPx, heightPx),
      payload: fc.uint8Array({ minLength: payloadBytes, maxLength: payloadBytes }),
    });
  });
