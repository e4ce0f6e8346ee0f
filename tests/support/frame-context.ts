import { IDENTITY } from '../../src/domain/affine.js';
import type { Spacing } from '../../src/domain/spacing.js';
import type { FrameContext } from '../../src/pipeline/frame-context.js';

/** A moving image of 512 × 512 px with a known spacing; tests change what they are about. */
export function frameContext(spacing: Spacing, changes: Partial<FrameContext> = {}): FrameContext {
  return {
    isStill: false,
    isFrozen: false,
    isFlat: false,
    isForeign: false,
    spacing,
    gateSpacing: spacing,
    imageToTensor: IDENTITY,
    image: { widthPx: 512, heightPx: 512 },
    face: { kind: 'face', yPx: -0.5, isDownDeeper: true },
    probePose: null,
    region: { xPx: 0, yPx: 0, widthPx: 512, heightPx: 512 },
    outline: null,
    tissueShiftPx: { xPx: 0, yPx: 0 },
    ...changes,
  };
}
