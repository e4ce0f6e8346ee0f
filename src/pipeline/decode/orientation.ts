import { type Affine, IDENTITY } from '../../domain/affine.js';
import type { GrayImage, Orientation } from '../../domain/frame.js';

/** Which axes have to be mirrored to reach MF. */
export interface Mirror {
  readonly x: boolean;
  readonly y: boolean;
}

/**
 * What turns an orientation into MF (+x to the marked side, +y deeper). Unknown is taken as it
 * comes: most scanners send MF.
 */
export function mirrorOf(orientation: Orientation): Mirror {
  return {
    x: orientation === 'UF' || orientation === 'UN',
    y: orientation === 'MN' || orientation === 'UN',
  };
}

/** Pixels before → pixels after mirroring an image of this size. */
export function mirrorAffine(flips: Mirror, widthPx: number, heightPx: number): Affine {
  return {
    ...IDENTITY,
    a: flips.x ? -1 : 1,
    d: flips.y ? -1 : 1,
    e: flips.x ? widthPx - 1 : 0,
    f: flips.y ? heightPx - 1 : 0,
  };
}

/** Mirrors an image into `target` (tight rows). */
export function mirror(image: GrayImage, flips: Mirror, target: Uint8Array): GrayImage {
  const { widthPx, heightPx, strideBytes, data } = image;
  for (let y = 0; y < heightPx; y++) {
    const from = (flips.y ? heightPx - 1 - y : y) * strideBytes;
    const to = y * widthPx;
    target.set(data.subarray(from, from + widthPx), to);
    if (flips.x) target.subarray(to, to + widthPx).reverse();
  }
  return { widthPx, heightPx, strideBytes: widthPx, data: target };
}
