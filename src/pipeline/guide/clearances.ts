import type { PointMm, PointPx, SegmentPx } from '../../domain/geometry.js';
import type { Clearance, GuidanceReason, NearestStructure } from '../../domain/guidance.js';
import { type OutlineErrors, outlineErrorOf } from '../../domain/outline-error.js';
import type { Spacing } from '../../domain/spacing.js';
import type { StructureClass } from '../../domain/structure.js';
import { ASSUMED_OUTLINE_ERROR, type CovarianceMm, lowerBoundMm } from './distance-bound.js';
import { outlineDistance } from './outline-distance.js';
import { isProtected, type RuledStructure } from './protection.js';
import { isTipMeasured, type Scene } from './scene.js';
import type { SegmentClearance } from './segment-clearance.js';
import { tipCovarianceMm } from './tip-covariance.js';
import type { Passes } from './trajectory.js';

/** Heading error where the track has none (stills), degrees: the model's own angle error. */
const HEADING_SIGMA_DEG = 2;

const NOTHING = {
  clearanceMm: null,
  lowerBoundMm: null,
  trajectoryClearanceMm: null,
  trajectoryLowerBoundMm: null,
} as const;

/**
 * Distances of the tip and of its trajectory from every structure that has a rule; for classes that
 * must be seen and are not, an entry that says so. Nothing is measured from a tip that was not
 * measured in this frame, to an outline that was not, or without a spacing.
 */
export function clearancesOf(
  scene: Scene,
  trajectory: SegmentPx | null,
  passes: Passes,
  unseen: readonly StructureClass[],
): readonly Clearance[] {
  const { needle, structures, context } = scene;
  if (needle.state === 'absent' || needle.state === 'lost') return [];
  const reason: GuidanceReason | null = !isTipMeasured(scene)
    ? 'tip-not-visible'
    : context.spacing === null
      ? 'spacing-unknown'
      : null;
  const origin = reason === null ? originOf(scene) : null;
  const known = structures
    .filter(({ rule }) => rule !== 'none')
    .map((structure): Clearance => {
      const { id: structureId, class: structureClass, isCoasting } = structure.seen;
      const why = reason ?? (isCoasting ? 'structure-not-seen' : null);
      const pass = passes.get(structureId) ?? null;
      const distances =
        origin !== null && why === null ? measure(origin, structure, trajectory, pass) : NOTHING;
      return { structureId, structureClass, ...distances, reason: why };
    });
  const missing = unseen.map(
    (structureClass): Clearance => ({
      structureId: null,
      structureClass,
      ...NOTHING,
      reason: 'structure-not-seen',
    }),
  );
  return [...known, ...missing];
}

/**
 * The protected structure with the least lower bound. null while a class that must be seen is not,
 * or one of the protected structures cannot be measured: silence must not read as distance.
 */
export function nearestOf(
  structures: readonly RuledStructure[],
  clearances: readonly Clearance[],
  unseen: readonly StructureClass[],
): NearestStructure | null {
  if (unseen.length > 0) return null;
  const guarded = new Set(structures.filter(isProtected).map(({ seen }) => seen.id));
  let nearest: NearestStructure | null = null;
  for (const { structureId, structureClass, clearanceMm, lowerBoundMm: bound } of clearances) {
    if (structureId === null || !guarded.has(structureId)) continue;
    if (clearanceMm === null || bound === null) return null;
    if (nearest !== null && bound >= nearest.lowerBoundMm) continue;
    nearest = { structureId, structureClass, clearanceMm, lowerBoundMm: bound };
  }
  return nearest;
}

/** The measured tip that all distances of a frame start from. */
interface Origin {
  readonly tip: PointPx;
  readonly covariance: CovarianceMm;
  readonly headingSigmaDeg: number;
  /** Of the outlines that distances are measured to. */
  readonly outlineErrors: OutlineErrors;
  readonly spacing: Spacing;
}

/** null without a spacing, and where no tip was measured. */
function originOf({ reading, needle, motion, context }: Scene): Origin | null {
  const { spacing } = context;
  const { tip, radius90Px } = needle;
  if (spacing === null || tip === null || radius90Px === null) return null;
  return {
    tip,
    covariance: tipCovarianceMm(radius90Px, motion?.tipCovariance ?? null, spacing),
    headingSigmaDeg: motion?.headingSigmaDeg ?? HEADING_SIGMA_DEG,
    outlineErrors: reading.outlineErrors,
    spacing,
  };
}

function measure(
  { tip, covariance, headingSigmaDeg, outlineErrors, spacing }: Origin,
  { seen }: RuledStructure,
  trajectory: SegmentPx | null,
  pass: SegmentClearance | null,
): Omit<Clearance, 'structureId' | 'structureClass' | 'reason'> {
  const { distanceMm: clearanceMm, away } = outlineDistance(tip, seen.contour, spacing);
  const { biasMm, sigmaMm } = outlineErrorOf(outlineErrors, seen) ?? ASSUMED_OUTLINE_ERROR;
  const error = { covariance, direction: away, otherSigmaMm: sigmaMm };
  const tipBoundMm = lowerBoundMm(clearanceMm - biasMm, error);
  if (trajectory === null || pass === null) {
    return { ...NOTHING, clearanceMm, lowerBoundMm: tipBoundMm };
  }
  const sweepMm = pass.alongMm * Math.tan((headingSigmaDeg * Math.PI) / 180);
  return {
    clearanceMm,
    lowerBoundMm: tipBoundMm,
    trajectoryClearanceMm: pass.distanceMm,
    trajectoryLowerBoundMm: lowerBoundMm(pass.distanceMm - biasMm, {
      covariance: addAcross(covariance, trajectory, sweepMm, spacing),
      direction: pass.away,
      otherSigmaMm: sigmaMm,
    }),
  };
}

/** Adds an uncertainty across the trajectory, where an error of its heading moves it. */
function addAcross(
  covariance: CovarianceMm,
  { from, to }: SegmentPx,
  sigmaMm: number,
  spacing: Spacing,
): CovarianceMm {
  const dx = (to.xPx - from.xPx) * spacing.xMm;
  const dy = (to.yPx - from.yPx) * spacing.yMm;
  const length = Math.hypot(dx, dy);
  if (length === 0) return covariance;
  const across: PointMm = { xMm: -dy / length, yMm: dx / length };
  const variance = sigmaMm * sigmaMm;
  return {
    xx: covariance.xx + variance * across.xMm * across.xMm,
    xy: covariance.xy + variance * across.xMm * across.yMm,
    yy: covariance.yy + variance * across.yMm * across.yMm,
  };
}
