import type { PointMm } from './geometry.js';
import type { PointWorldMm } from './guidance.js';

/**
 * Maps a point of the image plane (mm from the centre of the top-left pixel of the image as sent, z
 * = 0) into the space of the probe's tracking system.
 *
 * @param pose - 4 × 4, row-major, image plane → world, mm
 * @returns null where the matrix has no 16 finite entries or its last row is not 0 0 0 1
 */
export function toWorld(point: PointMm, pose: readonly number[]): PointWorldMm | null {
  if (pose.length !== 16 || !pose.every(Number.isFinite)) return null;
  const [xx = 0, xy = 0, , x0 = 0, yx = 0, yy = 0, , y0 = 0, zx = 0, zy = 0, , z0 = 0] = pose;
  const [a, b, c, one] = pose.slice(12);
  if (a !== 0 || b !== 0 || c !== 0 || one !== 1) return null;
  const { xMm, yMm } = point;
  return {
    xMm: xx * xMm + xy * yMm + x0,
    yMm: yx * xMm + yy * yMm + y0,
    zMm: zx * xMm + zy * yMm + z0,
  };
}
