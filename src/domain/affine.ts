import { assert } from './assert.js';
import type { PointPx } from './geometry.js';

/**
 * A 2D affine map: x' = a x + c y + e, y' = b x + d y + f.
 *
 * Named after what it maps, e.g. `imageToTensor`. It travels with the data it belongs to, so that
 * nobody recomputes a scaling.
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** Maps a point. */
export function applyAffine(map: Affine, point: PointPx): PointPx {
  return {
    xPx: map.a * point.xPx + map.c * point.yPx + map.e,
    yPx: map.b * point.xPx + map.d * point.yPx + map.f,
  };
}

/** The map that applies `first`, then `second`. */
export function composeAffine(first: Affine, second: Affine): Affine {
  return {
    a: second.a * first.a + second.c * first.b,
    b: second.b * first.a + second.d * first.b,
    c: second.a * first.c + second.c * first.d,
    d: second.b * first.c + second.d * first.d,
    e: second.a * first.e + second.c * first.f + second.e,
    f: second.b * first.e + second.d * first.f + second.f,
  };
}

/** The inverse map. A singular map is a programmer's error. */
export function invertAffine(map: Affine): Affine {
  const determinant = map.a * map.d - map.b * map.c;
  assert(Math.abs(determinant) > 1e-12, 'affine map is singular');
  const a = map.d / determinant;
  const b = -map.b / determinant;
  const c = -map.c / determinant;
  const d = map.a / determinant;
  return { a, b, c, d, e: -(a * map.e + c * map.f), f: -(b * map.e + d * map.f) };
}
