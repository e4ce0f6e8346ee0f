import { applyAffine } from '../../domain/affine.js';
import type { PointPx } from '../../domain/geometry.js';
import type { FrameContext } from '../frame-context.js';

/** A side of the region with echo data, cells: inside is where `normal · point ≤ offset`. */
interface BorderSide {
  readonly normalX: number;
  readonly normalY: number;
  readonly offset: number;
}

/** The border of the region with echo data, which is convex: its rectangle, cut by its sector. */
export type EchoBorder = readonly BorderSide[];

/** The border of a frame's region, cells; the way from the image may mirror. */
export function echoBorder(context: FrameContext, stridePx: number): EchoBorder {
  const { region, outline } = context;
  const [left, top] = [region.xPx - 0.5, region.yPx - 0.5];
  const [right, bottom] = [left + region.widthPx, top + region.heightPx];
  const rectangle = [
    { xPx: left, yPx: top },
    { xPx: right, yPx: top },
    { xPx: right, yPx: bottom },
    { xPx: left, yPx: bottom },
  ];
  return [rectangle, outline ?? []].flatMap((polygon) => sidesOf(polygon, context, stridePx));
}

/** Distance from a point to the border along a direction, cells; 0 outside. */
export function distanceToBorder(
  x: number,
  y: number,
  dx: number,
  dy: number,
  border: EchoBorder,
): number {
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return 0;
  let distance = Number.POSITIVE_INFINITY;
  for (const { normalX, normalY, offset } of border) {
    const room = offset - normalX * x - normalY * y;
    const approach = (normalX * dx + normalY * dy) / length;
    if (approach > 1e-9) distance = Math.min(distance, room / approach);
  }
  return Math.max(0, distance);
}

function sidesOf(
  polygon: readonly PointPx[],
  { imageToTensor }: FrameContext,
  stridePx: number,
): BorderSide[] {
  const corners = polygon.map((point) => {
    const { xPx, yPx } = applyAffine(imageToTensor, point);
    return { x: (xPx + 0.5) / stridePx - 0.5, y: (yPx + 0.5) / stridePx - 0.5 };
  });
  const middleX = corners.reduce((sum, { x }) => sum + x, 0) / corners.length;
  const middleY = corners.reduce((sum, { y }) => sum + y, 0) / corners.length;
  return corners.flatMap((a, index) => {
    const b = corners[(index + 1) % corners.length];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length === 0) return [];
    // The normal that looks away from the middle: a mirrored polygon runs the other way round.
    const [nx, ny] = [(b.y - a.y) / length, (a.x - b.x) / length];
    const sign = nx * (middleX - a.x) + ny * (middleY - a.y) > 0 ? -1 : 1;
    return [{ normalX: sign * nx, normalY: sign * ny, offset: sign * (nx * a.x + ny * a.y) }];
  });
}
