import type { PointPx } from '../../../domain/geometry.js';
import type { Spacing } from '../../../domain/spacing.js';
import type { TruthShapes } from '../truth-shapes.js';

/**
 * The true region that a contour is about: the one at its centroid.
 *
 * @returns its number in `instanceAt`; null where there is none of a class that `isWanted`
 */
export function instanceOf(
  contour: readonly PointPx[],
  { labels, instanceAt, instances }: TruthShapes,
  isWanted: (name: string) => boolean,
): number | null {
  const mean = (axis: 'xPx' | 'yPx'): number =>
    Math.round(contour.reduce((sum, point) => sum + point[axis], 0) / contour.length);
  const x = mean('xPx');
  const y = mean('yPx');
  if (x < 0 || y < 0 || x >= labels.widthPx || y >= labels.heightPx) return null;
  const number = instanceAt[y * labels.widthPx + x] ?? 0;
  const name = labels.classes[instances[number - 1]?.label ?? 0];
  return number > 0 && name !== undefined && isWanted(name) ? number : null;
}

/** Signed distance of a point from a region, mm: > 0 outside, to the edge of its outer pixels. */
export function instanceDistanceMm(
  point: PointPx,
  number: number,
  { labels, boundary, instanceAt, instances }: TruthShapes,
  spacing: Spacing,
): number {
  const { widthPx, heightPx } = labels;
  let nearestMm = Number.POSITIVE_INFINITY;
  for (const pixel of boundary[instances[number - 1]?.label ?? 0] ?? []) {
    if (instanceAt[pixel] !== number) continue;
    const dx = ((pixel % widthPx) - point.xPx) * spacing.xMm;
    const dy = (Math.floor(pixel / widthPx) - point.yPx) * spacing.yMm;
    nearestMm = Math.min(nearestMm, Math.hypot(dx, dy));
  }
  const x = Math.round(point.xPx);
  const y = Math.round(point.yPx);
  const isInImage = x >= 0 && y >= 0 && x < widthPx && y < heightPx;
  const isInside = isInImage && instanceAt[y * widthPx + x] === number;
  const halfPixelMm = (spacing.xMm + spacing.yMm) / 4;
  return isInside ? -nearestMm - halfPixelMm : nearestMm - halfPixelMm;
}
