import type { PointPx } from '../../../domain/geometry.js';
import type { LabelMap } from '../../../domain/ground-truth.js';
import type { Spacing } from '../../../domain/spacing.js';
import { pixelAt, regionDistanceMm } from '../region-distance.js';
import type { TruthShapes } from '../truth-shapes.js';

/**
 * The true region that a contour is about: the one at its centroid.
 *
 * @returns its number in `instanceAt`; null where there is none of a class that `isWanted`
 */
export function instanceOf(
  contour: readonly PointPx[],
  { labels, instanceAt, instances }: TruthShapes,
  isWanted: (name: LabelMap['classes'][number]) => boolean,
): number | null {
  const mean = (axis: 'xPx' | 'yPx'): number =>
    contour.reduce((sum, point) => sum + point[axis], 0) / contour.length;
  const pixel = pixelAt({ xPx: mean('xPx'), yPx: mean('yPx') }, labels);
  const number = pixel === null ? 0 : (instanceAt[pixel] ?? 0);
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
  const contains = (pixel: number) => instanceAt[pixel] === number;
  const ofLabel = boundary[instances[number - 1]?.label ?? 0] ?? [];
  return regionDistanceMm(point, { boundary: ofLabel.filter(contains), contains }, labels, spacing);
}
