import type { PointPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import { defaultRule } from '../../domain/structure.js';
import type { TruthShapes } from './truth-shapes.js';

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
  const isProtected = labels.classes.map(
    (name) => name !== 'background' && defaultRule(name) === 'do-not-enter',
  );
  let nearestMm = Number.POSITIVE_INFINITY;
  for (const [label, pixels] of boundary.entries()) {
    if (isProtected[label] !== true) continue;
    for (const pixel of pixels) {
      const dx = ((pixel % labels.widthPx) - tip.xPx) * spacing.xMm;
      const dy = (Math.floor(pixel / labels.widthPx) - tip.yPx) * spacing.yMm;
      nearestMm = Math.min(nearestMm, Math.hypot(dx, dy));
    }
  }
  if (!Number.isFinite(nearestMm)) return null;
  const halfPixelMm = (spacing.xMm + spacing.yMm) / 4;
  return isInside(tip, labels, isProtected) ? -nearestMm - halfPixelMm : nearestMm - halfPixelMm;
}

function isInside(
  tip: PointPx,
  labels: TruthShapes['labels'],
  isProtected: readonly boolean[],
): boolean {
  const x = Math.round(tip.xPx);
  const y = Math.round(tip.yPx);
  if (x < 0 || y < 0 || x >= labels.widthPx || y >= labels.heightPx) return false;
  return isProtected[labels.data[y * labels.widthPx + x] ?? 0] === true;
}
