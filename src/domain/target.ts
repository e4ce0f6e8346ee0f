import type { PointPx } from './geometry.js';

/**
 * `held` where it was confirmed · `moved` the probe slid, the depth changed or the image was frozen
 * since: it has to be confirmed anew · `lost` what it is anchored to cannot be seen.
 */
export type TargetState = 'held' | 'moved' | 'lost';

/**
 * What a target hangs on: a place in the tissue, followed with the image's motion, or a structure,
 * `offset` away from the centre of its outline (0, 0 = the centre). Image pixels.
 */
export type TargetAnchor =
  | { readonly kind: 'point'; readonly point: PointPx }
  | { readonly kind: 'structure'; readonly structureId: number; readonly offset: PointPx };

/** A target as the operator set or confirmed it. */
export interface PlannedTarget {
  readonly anchor: TargetAnchor;
  /** How near to it counts as there, mm, > 0. */
  readonly toleranceMm: number;
  /**
   * Rises by one whenever the operator sets or confirms the target. A target that moved is `held`
   * again only under a new number.
   */
  readonly confirmation: number;
  /**
   * Track epoch of the overlay in which it was set or confirmed. Freezing, a change of depth or
   * geometry, a gap and a replaced engine all raise the track epoch, and so make it `moved`.
   */
  readonly trackEpoch: number;
}
