import { type Affine, applyAffine, composeAffine, invertAffine } from '../domain/affine.js';
import type { Frame } from '../domain/frame.js';
import type { PointPx, RectPx } from '../domain/geometry.js';
import type { ModelManifest } from '../domain/model-manifest.js';
import { transducerFace } from '../domain/transducer-face.js';
import type { DecodedFrame } from './decode/decode.js';
import type { FrameContext } from './frame-context.js';
import { isForeign } from './preprocess/is-foreign.js';
import type { PreprocessOutput } from './preprocess/preprocess.js';

/** Height of the region of interest that stands in for an unknown spacing, mm. Never published. */
const NOMINAL_HEIGHT_MM = 40;

/**
 * Brings what decode and preprocess found into the pixels of the image as it was sent.
 *
 * @param isStill - whether the stream's frames are unrelated images
 */
export function contextAsSent(
  isStill: boolean,
  frame: Frame,
  decoded: Extract<DecodedFrame, { readonly kind: 'image' }>,
  prepared: PreprocessOutput,
  manifest: ModelManifest,
): FrameContext {
  const { imageToNormalised, spacing } = decoded;
  const imageToTensor = composeAffine(imageToNormalised, prepared.imageToTensor);
  const nominalMm = NOMINAL_HEIGHT_MM / prepared.regionOfInterest.heightPx;
  const back = invertAffine(imageToNormalised);
  const region = regionAsSent(prepared.regionOfInterest, back);
  const { probePose, sector } = frame.extensions;
  return {
    isStill: isStill || frame.flags.isFrozen,
    isFrozen: frame.flags.isFrozen,
    isFlat: prepared.isFlat,
    isForeign: isForeign(prepared.texture, prepared.regionOfInterest, manifest.thresholds),
    spacing,
    gateSpacing: spacing ?? { xMm: nominalMm, yMm: nominalMm },
    imageToTensor,
    outline: outlineAsSent(prepared.outline, back),
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
      xPx: prepared.tissueShiftPx.xPx / imageToTensor.a,
      yPx: prepared.tissueShiftPx.yPx / imageToTensor.d,
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
