import type { Advisory } from './advisory.js';
import type { PointMm, PointPx } from './geometry.js';
import type { StructureClass } from './structure.js';
import type { TargetState } from './target.js';
import type { Trajectory } from './trajectory.js';

/** `degraded`: usable with the stated reasons. `unavailable`: nothing may be concluded. */
export type GuidanceValidity = 'valid' | 'degraded' | 'unavailable';

/** Why guidance is degraded or unavailable, or why one number is not stated. */
export const GUIDANCE_REASONS = [
  'spacing-unknown',
  'spacing-outside-range',
  'frame-rate-low',
  'needle-not-seen',
  'tip-not-visible',
  'image-quality-low',
  'contact-lost',
  'frozen',
  'imaging-mode',
  'several-panes',
  'structure-not-seen',
  'side-not-confirmed',
  'target-moved',
  'target-lost',
  'target-outside-image',
  'engine-unavailable',
  'inference-failed',
  'decode-failed',
] as const;
export type GuidanceReason = (typeof GUIDANCE_REASONS)[number];

/**
 * Signed distances in the image plane between the needle and one structure that has a rule, mm: > 0
 * outside, < 0 inside; null when they may not be stated, and then `reason` says why.
 */
export interface Clearance {
  /** null when the class must be seen and is not. */
  readonly structureId: number | null;
  readonly structureClass: StructureClass;
  /** Of the tip. */
  readonly clearanceMm: number | null;
  /** Lower 90 % bound: the true distance is smaller in one case of ten. */
  readonly lowerBoundMm: number | null;
  /** Of the trajectory: < 0 where it runs through the structure. */
  readonly trajectoryClearanceMm: number | null;
  readonly trajectoryLowerBoundMm: number | null;
  readonly reason: GuidanceReason | null;
}

/** The protected structure whose lower bound is least. */
export interface NearestStructure {
  readonly structureId: number;
  readonly structureClass: StructureClass;
  readonly clearanceMm: number;
  readonly lowerBoundMm: number;
}

/** A point in the space of the probe's tracking system, mm. */
export interface PointWorldMm {
  readonly xMm: number;
  readonly yMm: number;
  readonly zMm: number;
}

/** What a depth is measured from: see `domain/transducer-face.ts`. */
export type DepthOrigin = 'face' | 'arc' | 'image-edge';

/** Where a tip that was measured in this frame is. */
export interface TipPosition {
  /** From the centre of the top-left pixel, axes of the image as sent. */
  readonly image: PointMm;
  /** null without a probe pose in the frame. */
  readonly world: PointWorldMm | null;
  readonly depthMm: number;
  readonly depthFrom: DepthOrigin;
}

/** How the needle lies and moves. */
export interface Insertion {
  /** Of the shaft against the transducer's face (horizontal in the image), in mm space, 0 to 90. */
  readonly angleDeg: number | null;
  /** Where the needle points, −180 to 180: 0 along the image's +x, 90 straight down the image. */
  readonly headingDeg: number | null;
  /** Along the shaft, > 0 inwards; null while it is not known. */
  readonly speedMmPerS: number | null;
  /** Where the shaft, extended backwards, enters the picture. */
  readonly entry: PointPx | null;
}

/** The operator's target and how far the tip is from it. */
export interface TargetGuidance {
  readonly state: TargetState;
  /** Where it is now, or was when it was last known; null when it cannot be placed. */
  readonly point: PointPx | null;
  readonly toleranceMm: number;
  /** From the tip; null unless the target is held and the tip was measured in this frame. */
  readonly distanceMm: number | null;
  /** Upper 90 % bound: the true distance is larger in one case of ten. */
  readonly upperBoundMm: number | null;
  /** Between the needle's heading and the direction from the tip to the target, 0 to 180. */
  readonly angleErrorDeg: number | null;
  /** Why there is no distance; null when there is one. */
  readonly reason: GuidanceReason | null;
}

/**
 * The computed advice. `docs/guidance.md` defines every number in it. There is no "safe" value:
 * null, an empty list and silence mean that nothing is known.
 */
export interface Guidance {
  readonly validity: GuidanceValidity;
  readonly reasons: readonly GuidanceReason[];
  /** Classes that the protocol requires and that are not tracked now. */
  readonly unseen: readonly StructureClass[];
  readonly clearances: readonly Clearance[];
  /** null also while a class that must be seen is not, or a protected one cannot be measured. */
  readonly nearest: NearestStructure | null;
  readonly tip: TipPosition | null;
  readonly insertion: Insertion | null;
  readonly target: TargetGuidance | null;
  readonly trajectory: Trajectory | null;
  /** Highest priority first. */
  readonly advisories: readonly Advisory[];
}

/** Guidance that says that there is none. */
export function unavailableGuidance(reasons: readonly GuidanceReason[]): Guidance {
  return {
    validity: 'unavailable',
    reasons,
    unseen: [],
    clearances: [],
    nearest: null,
    tip: null,
    insertion: null,
    target: null,
    trajectory: null,
    advisories: [],
  };
}
