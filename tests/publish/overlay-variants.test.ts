import { describe, expect, it } from 'vitest';
import type { Overlay } from '../../src/domain/overlay.js';
import { encodeOverlay } from '../../src/protocol/overlay-message.js';
import { createOverlayVariants } from '../../src/publish/overlay-variants.js';
import { sampleOverlay } from '../protocol/sample-overlay.js';

const sample = sampleOverlay();
const overlay: Overlay = {
  ...sample,
  captureTimeUs: 1_000_000,
  spacing: { xMm: 0.1, yMm: 0.1 },
  needle: {
    ...sample.needle,
    state: 'tip-visible',
    tip: { xPx: 100, yPx: 100 },
    radius90Px: 4,
    radius90Mm: 0.4,
  },
  guidance: {
    ...sample.guidance,
    insertion: { angleDeg: 0, headingDeg: 0, speedMmPerS: 10, entry: null },
  },
  clock: {
    receivedAtUs: 5_010_000,
    publishedAtUs: 5_030_000,
    cartOffsetUs: 4_000_000,
    uncertaintyUs: 100,
  },
};
const variantsOf = (of: Overlay) =>
  createOverlayVariants(of, { write: () => Buffer.from(encodeOverlay(of)), read: () => of });
const read = (bytes: Uint8Array): Overlay => JSON.parse(Buffer.from(bytes).toString());

describe('the variants of an overlay', () => {
  it('leave displays that did not ask without a prediction', () => {
    const { bytes } = variantsOf(overlay)(null);
    expect('prediction' in read(bytes)).toBe(false);
  });

  it('predict from the capture to the image that the display draws over', () => {
    const variantFor = variantsOf(overlay);
    const asked = read(variantFor(20).bytes);
    expect(asked.prediction).toMatchObject({ aheadMs: 50 });
    expect(asked.prediction?.tip.xPx).toBeCloseTo(105);
    expect(asked.needle).toEqual(read(variantFor(null).bytes).needle);
  });

  it('count from when the frame came in where the clocks are not related yet', () => {
    const clock = { ...overlay.clock, cartOffsetUs: null, uncertaintyUs: null };
    const asked = read(variantsOf({ ...overlay, clock })(10).bytes);
    expect(asked.prediction).toMatchObject({ aheadMs: 30 });
  });

  it('say null where there is nothing to predict', () => {
    expect(read(variantsOf(overlay)(-100).bytes).prediction).toBeNull();
  });

  it('are serialised once for each wish', () => {
    const variantFor = variantsOf(overlay);
    expect(variantFor(20)).toBe(variantFor(20));
    expect(variantFor(null)).toBe(variantFor(null));
  });
});
