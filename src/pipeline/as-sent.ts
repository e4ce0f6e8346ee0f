import { type Affine, applyAffine, invertAffine } from '../domain/affine.js';
import type { PointPx, RectPx } from '../domain/geometry.js';

/** A region of the normalised image (orientation MF) in the pixels of the image as it was sent. */
export function regionAsSent(region: RectPx, imageToNormalised: Affine): RectPx {
  const back = invertAffine(imageToNormalised);
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
export function outlineAsSent(
  outline: readonly PointPx[] | null,
  imageToNormalised: Affine,
): readonly PointPx[] | null {
  const back = invertAffine(imageToNormalised);
  const at = ({ xPx, yPx }: PointPx): PointPx =>
    applyAffine(back, { xPx: xPx - 0.5, yPx: yPx - 0.5 });
  return outline?.map(at) ?? null;
}
