import type { PointPx } from '../../domain/geometry.js';
import type { LabelMap } from '../../domain/ground-truth.js';
import type { Spacing } from '../../domain/spacing.js';
import { defaultRule } from '../../domain/structure.js';
import { regionDistanceMm } from './region-distance.js';
import type { TruthShapes } from './truth-shapes.js';

/** Whether pixels of this class must not be entered. */
export function isProtectedClass(name: LabelMap['classes'][number]): boolean {
  return name !== 'background' && defaultRule(name) === 'do-not-enter';
}

/**
 * True signed distance in mm of a point from the nearest structure that must not be entered:
 * > 0 outside, < 0 inside, to the edge of the structure's outermost pixels. null when the labels
 * have no such structure.
 */
export function trueClearanceMm(
  tip: PointPx,
  { labels, boundary }: TruthShapes,
  spacing: Spacing,
): number | null {
  const isProtected = labels.classes.map(isProtectedClass);
  const region = {
    boundary: boundary.flatMap((pixels, label) => (isProtected[label] ? pixels : [])),
    contains: (pixel: number) => isProtected[labels.data[pixel] ?? 0] === true,
  };
  const distanceMm = regionDistanceMm(tip, region, labels, spacing);
  return Number.isFinite(distanceMm) ? distanceMm : null;
}
