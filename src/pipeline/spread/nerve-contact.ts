import type { PointPx } from '../../domain/geometry.js';
import { toPx } from '../../domain/spacing.js';
import { CELL_PX, mmPerPxOf, type SpreadGrid } from './spread-grid.js';

/** Degrees from one ray to the next. */
const STEP_DEG = 2;
/** Fluid this near to the outline, along a ray, touches it: one cell of the network's grid, mm. */
const CONTACT_MM = 0.6;

/**
 * Degrees of an outline that a region touches, seen from the outline's centroid: the share of rays
 * on which the region comes within 0.6 mm of the outermost crossing.
 *
 * @param outline - tensor pixels
 * @param region - 1 where the fluid is, side × side
 * @returns 0 to 360; null where the outline has no area
 */
export function contactAngle(
  outline: readonly PointPx[],
  grid: SpreadGrid,
  region: Uint8Array,
): number | null {
  const centre = centroidOf(outline);
  if (centre === null) return null;
  const mmPerPx = mmPerPxOf(grid);
  const stepMm = Math.min(grid.cellXMm, grid.cellYMm) / 2;
  let touched = 0;
  for (let deg = 0; deg < 360; deg += STEP_DEG) {
    const angle = (deg * Math.PI) / 180;
    // One millimetre along the ray, in tensor pixels.
    const ray = toPx({ xMm: Math.cos(angle), yMm: Math.sin(angle) }, mmPerPx);
    const edgeMm = farthestCrossing(centre, ray, outline);
    let isTouched = false;
    for (let mm = edgeMm - CONTACT_MM; mm <= edgeMm + CONTACT_MM && !isTouched; mm += stepMm) {
      const column = Math.round((centre.xPx + mm * ray.xPx - grid.xPx) / CELL_PX);
      const row = Math.round((centre.yPx + mm * ray.yPx - grid.yPx) / CELL_PX);
      const isInside = column >= 0 && row >= 0 && column < grid.side && row < grid.side;
      isTouched = isInside && region[row * grid.side + column] === 1;
    }
    if (isTouched) touched += STEP_DEG;
  }
  return touched;
}

/** How many times `ray` fits until the outline is left for good; 0 where it is never crossed. */
function farthestCrossing(centre: PointPx, ray: PointPx, outline: readonly PointPx[]): number {
  let farthest = 0;
  let previous = outline.at(-1);
  for (const corner of outline) {
    if (previous !== undefined) {
      const edgeX = corner.xPx - previous.xPx;
      const edgeY = corner.yPx - previous.yPx;
      const toX = previous.xPx - centre.xPx;
      const toY = previous.yPx - centre.yPx;
      const across = ray.xPx * edgeY - ray.yPx * edgeX;
      const along = (toX * edgeY - toY * edgeX) / across;
      const share = (toX * ray.yPx - toY * ray.xPx) / across;
      if (across !== 0 && share >= 0 && share <= 1) farthest = Math.max(farthest, along);
    }
    previous = corner;
  }
  return farthest;
}

/** Centroid of a closed polygon's area; null without an area. */
export function centroidOf(outline: readonly PointPx[]): PointPx | null {
  let twice = 0;
  let sumX = 0;
  let sumY = 0;
  let previous = outline.at(-1);
  for (const corner of outline) {
    if (previous !== undefined) {
      const cross = previous.xPx * corner.yPx - corner.xPx * previous.yPx;
      twice += cross;
      sumX += cross * (previous.xPx + corner.xPx);
      sumY += cross * (previous.yPx + corner.yPx);
    }
    previous = corner;
  }
  if (twice === 0) return null;
  return { xPx: sumX / (3 * twice), yPx: sumY / (3 * twice) };
}
