import type { RectPx } from '../../domain/geometry.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { ImageTexture } from './image-texture.js';

/**
 * Whether an image is not taken for an ultrasound image: noise, text, a photograph, a drawing, a
 * tomogram, a thumbnail. A network answers those too, with structures and with confidence, because
 * it never learned that they exist. The gate only knows texture: what is textured like ultrasound
 * passes.
 */
export function isForeign(
  { neighbourCorrelation, evenShare }: ImageTexture,
  region: RectPx,
  thresholds: ModelManifest['thresholds'],
): boolean {
  const { foreign } = thresholds;
  if (foreign === undefined) return false;
  return (
    neighbourCorrelation < foreign.neighbourCorrelation ||
    evenShare > foreign.evenShare ||
    Math.max(region.widthPx, region.heightPx) < foreign.regionSidePx
  );
}
