import type { Clearance, Guidance, GuidanceReason } from '../../domain/guidance.js';
import type { Needle } from '../../domain/needle.js';
import type { FrameFindings } from '../../domain/overlay.js';
import { defaultRule, type Structure } from '../../domain/structure.js';
import type { FrameContext, FrameReading } from '../frame-context.js';
import { polygonDistanceMm } from './polygon-distance.js';
import { trajectoryOf } from './trajectory.js';

/** Reasons that leave nothing to conclude; all others only weaken it. */
const DISABLING: readonly GuidanceReason[] = ['contact-lost'];

/**
 * The stage that says what the findings mean for the operator: the rule of each structure, where
 * the needle is heading, how far its tip is from what it must not enter, and how much of that to
 * believe. Pure; without a protocol, nerves and vessels are not to be entered.
 */
export function guide(reading: FrameReading, needle: Needle, context: FrameContext): FrameFindings {
  const structures = reading.structures.map(
    (seen): Structure => ({ ...seen, rule: defaultRule(seen.class), keepOffMm: null }),
  );
  return {
    needle,
    structures,
    imageQuality: reading.imageQuality,
    guidance: guidanceOf(structures, reading, needle, context),
  };
}

function guidanceOf(
  structures: readonly Structure[],
  reading: FrameReading,
  needle: Needle,
  context: FrameContext,
): Guidance {
  const reasons = reasonsOf(reading, needle, context);
  const isDisabled = context.isForeign || reasons.some((reason) => DISABLING.includes(reason));
  const isInPlane = needle.approach === 'in-plane' && needle.state !== 'acquiring';
  return {
    validity: isDisabled ? 'unavailable' : reasons.length > 0 ? 'degraded' : 'valid',
    reasons,
    clearances: isDisabled ? [] : clearancesOf(structures, needle, context),
    unseen: [],
    nearest: null,
    tip: null,
    insertion: null,
    target: null,
    trajectory: isInPlane && !isDisabled ? trajectoryOf(needle.shaft, context.region) : null,
    advisories: [],
  };
}

function reasonsOf(
  reading: FrameReading,
  needle: Needle,
  context: FrameContext,
): readonly GuidanceReason[] {
  const reasons: GuidanceReason[] = [];
  if (context.isFrozen) reasons.push('frozen');
  if (reading.isContactLost) reasons.push('contact-lost');
  if (reading.isImageQualityLow) reasons.push('image-quality-low');
  if (context.spacing === null) reasons.push('spacing-unknown');
  if (needle.state === 'absent' || needle.state === 'lost') reasons.push('needle-not-seen');
  else if (needle.state !== 'tip-visible') reasons.push('tip-not-visible');
  return reasons;
}

/**
 * Distance of the tip from each structure that must not be entered. Only from a tip measured in
 * this frame, only with a known spacing; the lower bound takes the tip's 90 % radius off.
 */
function clearancesOf(
  structures: readonly Structure[],
  needle: Needle,
  context: FrameContext,
): readonly Clearance[] {
  if (needle.state === 'absent' || needle.state === 'lost') return [];
  const isProtected = (structure: Structure): boolean => structure.rule === 'do-not-enter';
  return structures.filter(isProtected).map((structure): Clearance => {
    const known = {
      structureId: structure.id,
      structureClass: structure.class,
      trajectoryClearanceMm: null,
      trajectoryLowerBoundMm: null,
    };
    const unknown = (reason: GuidanceReason): Clearance => {
      return { ...known, clearanceMm: null, lowerBoundMm: null, reason };
    };
    if (needle.state !== 'tip-visible' || needle.tip === null) return unknown('tip-not-visible');
    if (context.spacing === null) return unknown('spacing-unknown');
    if (structure.isCoasting) return unknown('structure-not-seen');
    const clearanceMm = polygonDistanceMm(needle.tip, structure.contour, context.spacing);
    const lowerBoundMm = clearanceMm - (needle.radius90Mm ?? 0);
    return { ...known, clearanceMm, lowerBoundMm, reason: null };
  });
}
