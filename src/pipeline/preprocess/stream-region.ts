import { assert } from '../../domain/assert.js';
import type { GrayImage } from '../../domain/frame.js';
import type { Kernels } from '../../kernels/kernels.js';
import { type DecodeWish, WHOLE_IMAGE } from '../frame-context.js';
import { type Letterbox, letterbox } from './letterbox.js';
import { findRegionOfInterest, type RegionOfInterest } from './region-of-interest.js';

/**
 * The region of interest of one stream. It only grows within a track epoch: a change of scale costs
 * the motion history.
 */
export interface StreamRegion {
  /** Null until a first image has been looked at. */
  box: Letterbox | null;
  /** Size of the images `box` was made for. */
  imageWidthPx: number;
  imageHeightPx: number;
  /** When the region was last looked for. */
  checkedAtUs: number;
}

/** Nothing known. */
export function createStreamRegion(): StreamRegion {
  return { box: null, imageWidthPx: 0, imageHeightPx: 0, checkedAtUs: 0 };
}

/** How often the region is looked for again, µs; less often while a tip is followed. */
const RECHECK_US = 500_000;
const RECHECK_FOLLOWING_US = 2_000_000;
/** The region grows when a new one sticks out by more than this share of the image. */
const GROWTH_SHARE = 0.03;

/** What the region's upkeep depends on in a frame. */
export interface RegionTime {
  /** While a tip is followed the region is looked for less often. */
  readonly isFollowing: boolean;
  readonly nowUs: number;
}

/**
 * What has to be decoded of the next image. The region is only ever looked for in whole images: its
 * thresholds are about their gray levels, which a reduction makes smoother.
 */
export function regionWish(
  region: StreamRegion,
  size: { readonly widthPx: number; readonly heightPx: number },
  time: RegionTime,
): DecodeWish {
  const { box } = region;
  if (box === null || !hasSize(region, size)) return WHOLE_IMAGE;
  return { isWholeNeeded: isDue(region, time), reduction: box.reduction };
}

/**
 * Keeps, finds or grows the region. The answer is the same object as long as the region is.
 *
 * @param image - the whole image; null only where `regionWish` did not ask for it
 */
export function updateRegion(
  region: StreamRegion,
  image: GrayImage | null,
  time: RegionTime,
  tensor: { readonly kernels: Kernels; readonly widthPx: number; readonly heightPx: number },
): Letterbox {
  const known = image === null || hasSize(region, image) ? region.box : null;
  if (known !== null && (image === null || !isDue(region, time))) return known;
  assert(image !== null, 'a region is looked for in a whole image');
  const found = findRegionOfInterest(image, tensor.kernels);
  region.checkedAtUs = time.nowUs;
  const grownRegion = known === null ? found : grown(known.region, found, image);
  if (known !== null && grownRegion === known.region) return known;
  const box = letterbox(grownRegion, tensor.widthPx, tensor.heightPx);
  region.box = box;
  region.imageWidthPx = image.widthPx;
  region.imageHeightPx = image.heightPx;
  return box;
}

function hasSize(
  region: StreamRegion,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): boolean {
  return widthPx === region.imageWidthPx && heightPx === region.imageHeightPx;
}

function isDue({ checkedAtUs }: StreamRegion, { isFollowing, nowUs }: RegionTime): boolean {
  const sinceUs = nowUs - checkedAtUs;
  return sinceUs < 0 || sinceUs >= (isFollowing ? RECHECK_FOLLOWING_US : RECHECK_US);
}

/** The known region, or a larger one when echo data was found outside it. */
function grown(
  known: RegionOfInterest,
  found: RegionOfInterest,
  image: GrayImage,
): RegionOfInterest {
  if (!found.isFound) return known;
  if (!known.isFound) return found;
  const a = known.rect;
  const b = found.rect;
  const left = Math.min(a.xPx, b.xPx);
  const top = Math.min(a.yPx, b.yPx);
  const right = Math.max(a.xPx + a.widthPx, b.xPx + b.widthPx);
  const bottom = Math.max(a.yPx + a.heightPx, b.yPx + b.heightPx);
  const growsX = right - left - a.widthPx > GROWTH_SHARE * image.widthPx;
  const growsY = bottom - top - a.heightPx > GROWTH_SHARE * image.heightPx;
  if (!growsX && !growsY) return known;
  const rect = { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
  const isSame = left === b.xPx && top === b.yPx && right - left === b.widthPx;
  return { rect, outline: isSame ? found.outline : null, isFound: true };
}
