import type { SegmentPx } from './geometry.js';

/** `degraded`: usable with the stated reasons. `unavailable`: nothing may be concluded. */
export type GuidanceValidity = 'valid' | 'degraded' | 'unavailable';

/** Why guidance is degraded or unavailable. */
export type GuidanceReason =
  | 'spacing-unknown'
  | 'needle-not-seen'
  | 'tip-not-visible'
  | 'image-quality-low'
  | 'contact-lost'
  | 'frozen'
  | 'imaging-mode'
  | 'several-panes'
  | 'structure-not-seen'
  | 'engine-unavailable'
  | 'inference-failed'
  | 'decode-failed';

/** Signed in-plane distance from the tip to one structure. */
export interface Clearance {
  readonly structureId: number;
  /** mm, > 0 outside, < 0 inside; null when it may not be stated. */
  readonly clearanceMm: number | null;
  /** Lower 90 % bound, mm. */
  readonly lowerBoundMm: number | null;
  readonly reason: GuidanceReason | null;
}

/** The shaft line extended beyond the tip: a prediction. */
export interface Trajectory {
  readonly segment: SegmentPx;
}

/** The operator's target; filled by a later issue. */
export interface TargetGuidance {
  readonly state: 'held' | 'moved' | 'lost';
  readonly distanceMm: number | null;
  readonly angleErrorDeg: number | null;
}

/** Something the operator is told; filled by a later issue. */
export interface Advisory {
  readonly kind: string;
  readonly priority: 'low' | 'medium' | 'high';
  readonly text: string;
}

/** The computed advice. Fields are nullable from the start: later work adds content, not shape. */
export interface Guidance {
  readonly validity: GuidanceValidity;
  readonly reasons: readonly GuidanceReason[];
  readonly clearances: readonly Clearance[];
  readonly target: TargetGuidance | null;
  readonly trajectory: Trajectory | null;
  readonly advisories: readonly Advisory[];
}

/** Guidance that says that there is none. */
export function unavailableGuidance(reasons: readonly GuidanceReason[]): Guidance {
  return {
    validity: 'unavailable',
    reasons,
    clearances: [],
    target: null,
    trajectory: null,
    advisories: [],
  };
}
