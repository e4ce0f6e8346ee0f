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

/** A point displaced by another, as tissue that the point lies in is displaced in the image. */
export function movedBy(point: PointPx, by: PointPx): PointPx {
  return { xPx: point.xPx + by.xPx, yPx: point.yPx + by.yPx };
}

/** A point of a segment: share 0 is its start, 1 its end. */
export function pointAt({ from, to }: SegmentPx, share: number): PointPx {
  return {
    xPx: from.xPx + share * (to.xPx - from.xPx),
    yPx: from.yPx + share * (to.yPx - from.yPx),
  };
}

/** Area of a closed polygon, px²; 0 for fewer than three points. */
export function polygonArea(points: readonly PointPx[]): number {
  let twice = 0;
  let previous = points.at(-1);
  for (const point of points) {
    if (previous) twice += previous.xPx * point.yPx - point.xPx * previous.yPx;
    previous = point;
  }
  return Math.abs(twice) / 2;
}

/**
 * How many times a step fits from a point until the centres of the rectangle's outermost pixels;
 * < 0 where the step leads away from it, infinite for no step.
 */
export function stepsToEdge(from: PointPx, step: PointPx, rect: RectPx): number {
  const { xPx, yPx, widthPx, heightPx } = rect;
  const stepsX = stepsAlong(from.xPx, step.xPx, xPx, xPx + widthPx - 1);
  const stepsY = stepsAlong(from.yPx, step.yPx, yPx, yPx + heightPx - 1);
  return Math.min(stepsX, stepsY);
}

function stepsAlong(at: number, step: number, low: number, high: number): number {
  if (step > 0) return (high - at) / step;
  return step < 0 ? (low - at) / step : Number.POSITIVE_INFINITY;
}

/** Angle between two directions in degrees, 0 to 180. */
export function angleBetweenDeg(aDeg: number, bDeg: number): number {
  const turn = Math.abs(aDeg - bDeg) % 360;
  return Math.min(turn, 360 - turn);
}
