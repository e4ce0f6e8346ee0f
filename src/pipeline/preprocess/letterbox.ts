import type { Affine } from '../../domain/affine.js';
import type { Reduction } from '../../domain/frame.js';
import type { PointPx, RectPx } from '../../domain/geometry.js';
import { planResampling, type Resampling } from '../../kernels/resize-plan.js';
import type { RegionOfInterest } from './region-of-interest.js';

/** How a region of interest fits into the tensor: scaled as a whole, centred, borders empty. */
export interface Letterbox {
  readonly region: RegionOfInterest;
  /** Where the region goes in the tensor. */
  readonly placement: RectPx;
  /** How it gets there from the whole image. */
  readonly whole: Resampling;
  /** The largest reduction of the image that still has a pixel for each one of the placement. */
  readonly reduction: Reduction;
  /** How it gets there from an image that is so much smaller; `whole` where `reduction` is 1. */
  readonly reduced: Resampling;
  /** Image pixels → tensor pixels, pixel centres at integers in both. */
  readonly imageToTensor: Affine;
  /**
   * For a sector: first and one-past-last tensor column of each tensor row inside the outline
   * (2 numbers a row); null where the whole placement is data.
   */
  readonly rowSpans: Int32Array | null;
}

/** Fits `region` into a tensor of this size without changing its shape. */
export function letterbox(region: RegionOfInterest, widthPx: number, heightPx: number): Letterbox {
  const { rect } = region;
  const scale = Math.min(widthPx / rect.widthPx, heightPx / rect.heightPx);
  const placedWidth = Math.max(1, Math.min(widthPx, Math.round(rect.widthPx * scale)));
  const placedHeight = Math.max(1, Math.min(heightPx, Math.round(rect.heightPx * scale)));
  const placement: RectPx = {
    xPx: (widthPx - placedWidth) >> 1,
    yPx: (heightPx - placedHeight) >> 1,
    widthPx: placedWidth,
    heightPx: placedHeight,
  };
  const a = placedWidth / rect.widthPx;
  const d = placedHeight / rect.heightPx;
  const imageToTensor: Affine = {
    a,
    b: 0,
    c: 0,
    d,
    e: placement.xPx - 0.5 + a * (0.5 - rect.xPx),
    f: placement.yPx - 0.5 + d * (0.5 - rect.yPx),
  };
  const reduction = REDUCTIONS.find((factor) => factor * Math.max(a, d) <= 1) ?? 1;
  return {
    region,
    placement,
    whole: planResampling(rect, widthPx, placement),
    reduction,
    reduced: planResampling(scaledDown(rect, reduction), widthPx, placement),
    imageToTensor,
    rowSpans: region.outline === null ? null : rowSpansOf(region.outline, imageToTensor, heightPx),
  };
}

/** Largest first. */
const REDUCTIONS: readonly Reduction[] = [8, 4, 2];

function scaledDown(rect: RectPx, factor: number): RectPx {
  return {
    xPx: rect.xPx / factor,
    yPx: rect.yPx / factor,
    widthPx: rect.widthPx / factor,
    heightPx: rect.heightPx / factor,
  };
}

/** Blanks what lies outside a sector. `plane` is one tensor channel, row-major. */
export function blankOutside(
  rowSpans: Int32Array,
  plane: Uint8Array,
  widthPx: number,
  heightPx: number,
): void {
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    plane.fill(0, row, row + Math.max(0, Math.min(widthPx, rowSpans[2 * y])));
    const end = Math.max(0, Math.min(widthPx, rowSpans[2 * y + 1]));
    plane.fill(0, row + end, row + widthPx);
  }
}

/** Where each tensor row's centre line crosses the convex outline. */
function rowSpansOf(
  outline: readonly PointPx[],
  imageToTensor: Affine,
  heightPx: number,
): Int32Array {
  const spans = new Int32Array(2 * heightPx);
  for (let y = 0; y < heightPx; y++) {
    // Outline corners are pixel corners, half a pixel before the centre of their pixel.
    const imageY = (y - imageToTensor.f) / imageToTensor.d + 0.5;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < outline.length; i++) {
      const p = outline[i];
      const q = outline[(i + 1) % outline.length];
      if (Math.min(p.yPx, q.yPx) > imageY || Math.max(p.yPx, q.yPx) < imageY) continue;
      const t = p.yPx === q.yPx ? 0 : (imageY - p.yPx) / (q.yPx - p.yPx);
      const x = imageToTensor.a * (p.xPx + t * (q.xPx - p.xPx) - 0.5) + imageToTensor.e;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    if (left > right) continue;
    spans[2 * y] = Math.floor(left);
    spans[2 * y + 1] = Math.ceil(right) + 1;
  }
  return spans;
}
