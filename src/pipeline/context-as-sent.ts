import { type Affine, applyAffine, composeAffine, invertAffine } from '../domain/affine.js';
import type { Frame } from '../domain/frame.js';
import type { PointPx, RectPx } from '../domain/geometry.js';
import type { Spacing } from '../domain/spacing.js';
import { transducerFace } from '../domain/transducer-face.js';
import type { FrameContext } from './frame-context.js';

/** Height of the region of interest that stands in for an unknown spacing, mm. Never published. */
const NOMINAL_HEIGHT_MM = 40;

/** What decode and preprocess found, on the image that they turned upright. */
export interface FoundOnImage {
  readonly frame: Frame;
  /** The stream's frames are unrelated images. */
  readonly isStill: boolean;
  readonly isFlat: boolean;
  readonly isForeign: boolean;
  readonly spacing: Spacing | null;
  /** Image as sent → upright image → tensor. */
  readonly imageToNormalised: Affine;
  readonly normalisedToTensor: Affine;
  readonly region: RectPx;
  /** Corners between pixels; null where the echo data fills the region. */
  readonly outline: readonly PointPx[] | null;
  /** On the tensor. */
  readonly tissueShiftPx: PointPx;
}

/** Brings it into the pixels of the image as it was sent. */
export function contextAsSent(found: FoundOnImage): FrameContext {
  const { frame, imageToNormalised, spacing, tissueShiftPx } = found;
  const imageToTensor = composeAffine(imageToNormalised, found.normalisedToTensor);
  const nominalMm = NOMINAL_HEIGHT_MM / found.region.heightPx;
  const back = invertAffine(imageToNormalised);
  const region = regionAsSent(found.region, back);
  const { probePose, sector } = frame.extensions;
  return {
    isStill: found.isStill || frame.flags.isFrozen,
    isFrozen: frame.flags.isFrozen,
    isFlat: found.isFlat,
    isForeign: found.isForeign,
    spacing,
    gateSpacing: spacing ?? { xMm: nominalMm, yMm: nominalMm },
    imageToTensor,
    outline: outlineAsSent(found.outline, back),
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    region,
    face: transducerFace({
      geometry: frame.probeGeometry,
      sector,
      region,
      isDownDeeper: imageToNormalised.d > 0,
    }),
    probePose,
    tissueShiftPx: {
      xPx: tissueShiftPx.xPx / imageToTensor.a,
      yPx: tissueShiftPx.yPx / imageToTensor.d,
    },
  };
}

/** A region of the normalised image (orientation MF) on the image as it was sent. */
function regionAsSent(region: RectPx, back: Affine): RectPx {
  const a = applyAffine(back, { xPx: region.xPx, yPx: region.yPx });
  const b = applyAffine(back, {
    xPx: region.xPx + region.widthPx - 1,
    yPx: region.yPx + region.heightPx - 1,
  });
  return {
    xPx: Math.min(a.xPx, b.xPx),
    yPx: Math.min(a.yPx, b.yPx),
    widthPx: region.widthPx,
    heightPx: region.heightPx,
  };
}

/**
 * The corners of an outline, which lie between pixels, as points of the image as it was sent, where
 * (0, 0) is the centre of the first pixel; null for none.
 */
function outlineAsSent(
  outline: readonly PointPx[] | null,
  back: Affine,
): readonly PointPx[] | null {
  const at = ({ xPx, yPx }: PointPx): PointPx =>
    applyAffine(back, { xPx: xPx - 0.5, yPx: yPx - 0.5 });
  return outline?.map(at) ?? null;
}
