import {
  type PointPx,
  pointAt,
  type RectPx,
  type SegmentPx,
  stepsToEdge,
} from '../../domain/geometry.js';
import { distanceMm } from '../../domain/spacing.js';
import type { Trajectory, TrajectoryMeeting } from '../../domain/trajectory.js';
import { isProtected } from './protection.js';
import { isTipMeasured, type Scene } from './scene.js';
import { type SegmentClearance, segmentClearance } from './segment-clearance.js';

/** Shortest shaft that says where it is heading, px. */
const SHAFT_MIN_PX = 2;

/** A target with a place: what a trajectory meets when it passes within the tolerance. */
export interface TargetPlace {
  readonly point: PointPx;
  readonly toleranceMm: number;
}

/**
 * Extends the shaft beyond its far end to the edge of the region of interest: where a straight
 * needle goes when it is pushed on.
 *
 * @returns null without a direction, and when the end lies outside the region
 */
export function trajectorySegment(shaft: SegmentPx | null, region: RectPx): SegmentPx | null {
  if (shaft === null) return null;
  const { from, to } = shaft;
  const dx = to.xPx - from.xPx;
  const dy = to.yPx - from.yPx;
  if (Math.hypot(dx, dy) < SHAFT_MIN_PX || !isInside(to, region)) return null;
  const steps = stepsToEdge(to, { xPx: dx, yPx: dy }, region);
  return { from: to, to: { xPx: to.xPx + steps * dx, yPx: to.yPx + steps * dy } };
}

/** How the trajectory passes each structure that has a rule, by the structure's id. */
export type Passes = ReadonlyMap<number, SegmentClearance>;

/**
 * Measures how a trajectory passes the structures that have a rule; none without a trajectory. In
 * mm of the gate spacing, which is the spacing wherever that is known: without it these distances
 * decide an order only.
 */
export function passesOf(segment: SegmentPx | null, scene: Scene): Passes {
  const passes = new Map<number, SegmentClearance>();
  if (segment === null || !isTipMeasured(scene)) return passes;
  for (const { seen, rule } of scene.structures) {
    if (rule === 'none') continue;
    passes.set(seen.id, segmentClearance(segment, seen.contour, scene.context.gateSpacing));
  }
  return passes;
}

/**
 * The trajectory with what it meets first: the target, or a protected structure whose outline it
 * crosses. What lies behind the target is not met. Nothing is met from a tip that was not measured.
 */
export function trajectoryOf(
  segment: SegmentPx,
  scene: Scene,
  passes: Passes,
  target: TargetPlace | null,
): Trajectory {
  if (!isTipMeasured(scene)) return { segment, meets: null };
  const meetings = [
    ...structureMeetings(segment, scene, passes),
    ...targetMeeting(segment, scene, target),
  ];
  const first = meetings.reduce<Reached | null>(
    (best, next) => (best === null || next.alongMm < best.alongMm ? next : best),
    null,
  );
  if (first === null) return { segment, meets: null };
  const { kind, structureId, structureClass, point } = first.meeting;
  const reachedMm = scene.context.spacing === null ? null : first.alongMm;
  return { segment, meets: { kind, structureId, structureClass, point, distanceMm: reachedMm } };
}

interface Reached {
  readonly meeting: Omit<TrajectoryMeeting, 'distanceMm'>;
  readonly alongMm: number;
}

function structureMeetings(segment: SegmentPx, scene: Scene, passes: Passes): readonly Reached[] {
  const { gateSpacing } = scene.context;
  const lengthMm = distanceMm(segment.from, segment.to, gateSpacing);
  return scene.structures.filter(isProtected).flatMap(({ seen }): Reached[] => {
    const entersAtMm = passes.get(seen.id)?.entersAtMm ?? null;
    if (entersAtMm === null) return [];
    const point = pointAt(segment, lengthMm > 0 ? entersAtMm / lengthMm : 0);
    const { id: structureId, class: structureClass } = seen;
    return [
      { meeting: { kind: 'structure', structureId, structureClass, point }, alongMm: entersAtMm },
    ];
  });
}

function targetMeeting(
  segment: SegmentPx,
  { context }: Scene,
  target: TargetPlace | null,
): readonly Reached[] {
  if (target === null) return [];
  const { gateSpacing } = context;
  const dx = (segment.to.xPx - segment.from.xPx) * gateSpacing.xMm;
  const dy = (segment.to.yPx - segment.from.yPx) * gateSpacing.yMm;
  const length = Math.hypot(dx, dy);
  if (length === 0) return [];
  const tx = (target.point.xPx - segment.from.xPx) * gateSpacing.xMm;
  const ty = (target.point.yPx - segment.from.yPx) * gateSpacing.yMm;
  const alongMm = (tx * dx + ty * dy) / length;
  const besideMm = Math.abs(tx * dy - ty * dx) / length;
  if (alongMm < 0 || alongMm > length || besideMm > target.toleranceMm) return [];
  const point = pointAt(segment, alongMm / length);
  return [{ meeting: { kind: 'target', structureId: null, structureClass: null, point }, alongMm }];
}

function isInside(point: PointPx, region: RectPx): boolean {
  return (
    point.xPx >= region.xPx &&
    point.yPx >= region.yPx &&
    point.xPx <= region.xPx + region.widthPx - 1 &&
    point.yPx <= region.yPx + region.heightPx - 1
  );
}
