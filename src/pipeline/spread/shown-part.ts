import { type Affine, applyAffine } from '../../domain/affine.js';
import type { RectPx } from '../../domain/geometry.js';
import { MEAN_RADIUS_PX } from './box-means.js';

/** Where local means are made of echo data alone, tensor pixels; ends belong to it. */
export interface ShownPart {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The part of the network's picture that the region of interest fills, but for an edge as wide as
 * the means reach. Beside it the picture is empty: nothing can have changed there, and tissue that
 * moves out of it has not become dark.
 *
 * @param imageToTensor - may mirror
 */
export function shownPart(region: RectPx, imageToTensor: Affine): ShownPart {
  const { xPx, yPx, widthPx, heightPx } = region;
  const first = applyAffine(imageToTensor, { xPx, yPx });
  const last = applyAffine(imageToTensor, {
    xPx: xPx + widthPx - 1,
    yPx: yPx + heightPx - 1,
  });
  return {
    left: Math.min(first.xPx, last.xPx) + MEAN_RADIUS_PX,
    right: Math.max(first.xPx, last.xPx) - MEAN_RADIUS_PX,
    top: Math.min(first.yPx, last.yPx) + MEAN_RADIUS_PX,
    bottom: Math.max(first.yPx, last.yPx) - MEAN_RADIUS_PX,
  };
}
