import type { PointMm, PointPx } from './geometry.js';

/**
 * Millimetres per pixel, x and y, both finite and > 0.
 *
 * Unknown spacing is `null` wherever a `Spacing` is expected, and then no millimetre may be stated
 * anywhere: there is no default and no guess.
 */
export interface Spacing {
  readonly xMm: number;
  readonly yMm: number;
}

/** Pixels to millimetres (same origin and axes). */
export function toMm(point: PointPx, spacing: Spacing): PointMm {
  return { xMm: point.xPx * spacing.xMm, yMm: point.yPx * spacing.yMm };
}

/** Millimetres to pixels; the inverse of `toMm`. */
export function toPx(point: PointMm, spacing: Spacing): PointPx {
  return { xPx: point.xMm / spacing.xMm, yPx: point.yMm / spacing.yMm };
}

/** Distance in mm between two pixel positions. */
export function distanceMm(a: PointPx, b: PointPx, spacing: Spacing): number {
  return Math.hypot((a.xPx - b.xPx) * spacing.xMm, (a.yPx - b.yPx) * spacing.yMm);
}
