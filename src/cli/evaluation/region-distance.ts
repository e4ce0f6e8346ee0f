import type { PointPx } from '../../domain/geometry.js';
import type { LabelMap } from '../../domain/ground-truth.js';
import type { Spacing } from '../../domain/spacing.js';

/** A region of a label map; pixels are numbered `y * widthPx + x`. */
export interface Region {
  /** Its pixels with a neighbour outside. */
  readonly boundary: Iterable<number>;
  contains(pixel: number): boolean;
}

/**
 * Signed distance of a point from a region, mm: > 0 outside, < 0 inside, to the edge of its outer
 * pixels. Infinity where the region is empty.
 */
export function regionDistanceMm(
  point: PointPx,
  { boundary, contains }: Region,
  { widthPx, heightPx }: Pick<LabelMap, 'widthPx' | 'heightPx'>,
  spacing: Spacing,
): number {
  let nearestMm = Number.POSITIVE_INFINITY;
  for (const pixel of boundary) {
    const dx = ((pixel % widthPx) - point.xPx) * spacing.xMm;
    const dy = (Math.floor(pixel / widthPx) - point.yPx) * spacing.yMm;
    nearestMm = Math.min(nearestMm, Math.hypot(dx, dy));
  }
  const pixel = pixelAt(point, { widthPx, heightPx });
  const isInside = pixel !== null && contains(pixel);
  const halfPixelMm = (spacing.xMm + spacing.yMm) / 4;
  return isInside ? -nearestMm - halfPixelMm : nearestMm - halfPixelMm;
}

/** Number of the pixel that a point lies in; null outside of the image. */
export function pixelAt(
  { xPx, yPx }: PointPx,
  { widthPx, heightPx }: Pick<LabelMap, 'widthPx' | 'heightPx'>,
): number | null {
  const x = Math.round(xPx);
  const y = Math.round(yPx);
  return x < 0 || y < 0 || x >= widthPx || y >= heightPx ? null : y * widthPx + x;
}
