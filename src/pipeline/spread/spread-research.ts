import { type Affine, applyAffine } from '../../domain/affine.js';
import { type PointPx, polygonArea } from '../../domain/geometry.js';
import { distanceMm } from '../../domain/spacing.js';
import type { SpreadResearch } from '../../domain/spread.js';
import type { FrameTrack } from '../frame-context.js';
import { centroidOf, contactAngle } from './nerve-contact.js';
import { mmPerPxOf, type SpreadGrid } from './spread-grid.js';
import type { EarlierOutline } from './watch.js';

/** One frame's spread, as `measureSpread` leaves it. */
export interface SpreadAtNerve {
  readonly grid: SpreadGrid;
  /** 1 where the fluid is, side × side. */
  readonly region: Uint8Array;
  /** Tensor pixels. */
  readonly tip: PointPx;
}

/**
 * Contact angle and swelling of the nerve whose centroid is nearest to the tip, of those seen in
 * this frame; null without one. Research, not validated.
 *
 * @param earlier - outlines from before the injection, tensor pixels
 */
export function spreadResearch(
  { grid, region, tip }: SpreadAtNerve,
  { structures }: Pick<FrameTrack, 'structures'>,
  earlier: readonly EarlierOutline[],
  imageToTensor: Affine,
): SpreadResearch | null {
  const mmPerPx = mmPerPxOf(grid);
  let nearest: { readonly id: number; readonly outline: readonly PointPx[] } | null = null;
  let leastMm = Number.POSITIVE_INFINITY;
  for (const { id, class: name, contour, isCoasting } of structures) {
    if (name !== 'nerve' || isCoasting) continue;
    const outline = contour.map((point) => applyAffine(imageToTensor, point));
    const centre = centroidOf(outline);
    if (centre === null) continue;
    const awayMm = distanceMm(centre, tip, mmPerPx);
    if (awayMm >= leastMm) continue;
    leastMm = awayMm;
    nearest = { id, outline };
  }
  if (nearest === null) return null;
  const { id, outline } = nearest;
  const before = earlier.find((one) => one.id === id && one.class === 'nerve');
  const areaBefore = before === undefined ? 0 : polygonArea(before.contour);
  return {
    nerveId: id,
    contactAngleDeg: contactAngle(outline, grid, region),
    nerveAreaRatio: areaBefore > 0 ? polygonArea(outline) / areaBefore : null,
  };
}
