/**
 * A point in image pixels. (0, 0) is the centre of the top-left pixel of the image as the cart
 * sent it; x grows to the right, y grows downwards.
 */
export interface PointPx {
  readonly xPx: number;
  readonly yPx: number;
}

/** A point in millimetres. Only exists where the spacing is known. */
export interface PointMm {
  readonly xMm: number;
  readonly yMm: number;
}

/** A directed line segment in image pixels. */
export interface SegmentPx {
  readonly from: PointPx;
  readonly to: PointPx;
}

/** An axis-aligned rectangle of whole pixels; `xPx, yPx` is its top-left pixel. */
export interface RectPx {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Euclidean distance in pixels. */
export function distancePx(a: PointPx, b: PointPx): number {
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}
