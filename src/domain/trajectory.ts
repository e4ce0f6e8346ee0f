import type { PointPx, SegmentPx } from './geometry.js';
import type { StructureClass } from './structure.js';

/** What a trajectory meets first: the target, or a structure that is not to be entered. */
export interface TrajectoryMeeting {
  readonly kind: 'target' | 'structure';
  /** null for a target. */
  readonly structureId: number | null;
  readonly structureClass: StructureClass | null;
  readonly point: PointPx;
  /** From the tip, along the trajectory; null when the spacing is unknown. */
  readonly distanceMm: number | null;
}

/** The shaft line extended beyond the tip: a prediction, since needles bend. */
export interface Trajectory {
  readonly segment: SegmentPx;
  /** null when it meets neither within the picture. */
  readonly meets: TrajectoryMeeting | null;
}
