import type { GrayImage } from '../../domain/frame.js';
import { type PointPx, polygonArea, type RectPx } from '../../domain/geometry.js';
import type { Kernels } from '../../kernels/kernels.js';
import { type CellRegion, findCellRegion } from './cell-region.js';
import { convexHull } from './convex-hull.js';

/** Where echo data is in an image. */
export interface RegionOfInterest {
  readonly rect: RectPx;
  /**
   * Convex outline in image pixels where the data does not fill the rectangle (a sector), or null.
   */
  readonly outline: readonly PointPx[] | null;
  /** False when nothing was found and the whole image stands in. */
  readonly isFound: boolean;
}

/** The image is looked at as about this many cells along its longer side. */
const CELLS = 64;
/** Where the rectangle covers this share of both sides, the whole image is used. */
const FULL_SHARE = 0.94;
/** Below this share of the rectangle the outline is a sector and what is outside is blanked. */
const SECTOR_SHARE = 0.92;
/**
 * A sector is symmetric: its left and right margins differ by less than this share of the width.
 */
const SYMMETRY_SHARE = 0.06;
/** Less than this share of the image's area, or this share of a side, is not the echo data. */
const AREA_SHARE_MIN = 0.12;
const SIDE_SHARE_MIN = 0.15;
/** Share of active pixels that makes a row or column part of the data. */
const LINE_SHARE = 0.06;

/** The whole image as region of interest. */
export function wholeImage(image: GrayImage, isFound: boolean): RegionOfInterest {
  const rect = { xPx: 0, yPx: 0, widthPx: image.widthPx, heightPx: image.heightPx };
  return { rect, outline: null, isFound };
}

/**
 * Finds where echo data is: the sector or rectangle without burned-in text, scales, gray bars and
 * flat borders of any brightness. It looks for texture, not for brightness, because screens have
 * gray and white frames. About 0.4 ms on 512 × 512.
 */
export function findRegionOfInterest(image: GrayImage, kernels: Kernels): RegionOfInterest {
  const longest = Math.max(image.widthPx, image.heightPx);
  const shortest = Math.min(image.widthPx, image.heightPx);
  if (shortest < 16) return wholeImage(image, false);
  const cellPx = Math.max(1, Math.ceil(longest / CELLS));
  const lagPx = Math.max(1, Math.round(cellPx / 4));
  const columns = Math.ceil(image.widthPx / cellPx);
  const rows = Math.ceil(image.heightPx / cellPx);
  const cells = new Uint8Array(columns * rows);
  kernels.activity(image, lagPx, cellPx, cells);
  const region = findCellRegion(cells, { width: columns, height: rows }, kernels);
  if (region === null) return wholeImage(image, false);
  const rect = trimRect(image, kernels, lagPx, cellPx, region);
  if (isTooSmall(rect, image)) return wholeImage(image, false);
  const outline = outlineOf(region, columns, cellPx, rect);
  if (outline !== null) return { rect, outline, isFound: true };
  const fills =
    rect.widthPx >= FULL_SHARE * image.widthPx && rect.heightPx >= FULL_SHARE * image.heightPx;
  return fills ? wholeImage(image, true) : { rect, outline: null, isFound: true };
}

/** A block of text beside a nearly empty image (wires in water, a lifted probe) is no echo data. */
function isTooSmall(rect: RectPx, image: GrayImage): boolean {
  const width = rect.widthPx / image.widthPx;
  const height = rect.heightPx / image.heightPx;
  return width * height < AREA_SHARE_MIN || Math.min(width, height) < SIDE_SHARE_MIN;
}

/** The cells' rectangle, its sides moved by up to a cell to where rows and columns are active. */
function trimRect(
  image: GrayImage,
  kernels: Kernels,
  lagPx: number,
  cellPx: number,
  region: CellRegion,
): RectPx {
  const left = region.firstColumn * cellPx;
  const top = region.firstRow * cellPx;
  const right = Math.min(image.widthPx, (region.lastColumn + 1) * cellPx);
  const bottom = Math.min(image.heightPx, (region.lastRow + 1) * cellPx);
  const stride = image.strideBytes;
  const rowShare = (y: number): number =>
    kernels.lineActivity(image, lagPx, y * stride + left, right - left, 1);
  const columnShare = (x: number): number =>
    kernels.lineActivity(image, lagPx, top * stride + x, bottom - top, stride);
  const x0 = trimSide(left, 1, cellPx, columnShare);
  const y0 = trimSide(top, 1, cellPx, rowShare);
  const x1 = trimSide(right - 1, -1, cellPx, columnShare);
  const y1 = trimSide(bottom - 1, -1, cellPx, rowShare);
  return { xPx: x0, yPx: y0, widthPx: x1 - x0 + 1, heightPx: y1 - y0 + 1 };
}

function trimSide(
  from: number,
  direction: 1 | -1,
  mostPx: number,
  shareOf: (index: number) => number,
): number {
  let index = from;
  for (let moved = 0; moved < mostPx && shareOf(index) < LINE_SHARE; moved++) index += direction;
  return index;
}

/**
 * The convex outline of the cells where they form a sector; null where they fill the rectangle and
 * where a side or corner is only dark (a shadow under a linear probe is not the end of the image).
 */
function outlineOf(
  region: CellRegion,
  columns: number,
  cellPx: number,
  rect: RectPx,
): readonly PointPx[] | null {
  const corners: PointPx[] = [];
  let asymmetryPx = 0;
  for (let row = region.firstRow; row <= region.lastRow; row++) {
    let first = -1;
    let last = -1;
    for (let column = region.firstColumn; column <= region.lastColumn; column++) {
      if (region.mask[row * columns + column] === 0) continue;
      if (first < 0) first = column;
      last = column;
    }
    if (first < 0) continue;
    const margins = first - region.firstColumn - (region.lastColumn - last);
    asymmetryPx += Math.abs(margins) * cellPx;
    for (const y of [row * cellPx, (row + 1) * cellPx]) {
      corners.push({ xPx: first * cellPx, yPx: y }, { xPx: (last + 1) * cellPx, yPx: y });
    }
  }
  const rows = region.lastRow - region.firstRow + 1;
  if (asymmetryPx / rows > SYMMETRY_SHARE * rect.widthPx) return null;
  const hull = convexHull(corners);
  return polygonArea(hull) < SECTOR_SHARE * rect.widthPx * rect.heightPx ? hull : null;
}
