import type { PointPx } from '../domain/geometry.js';
import type { Overlay } from '../domain/overlay.js';

/** What an overlay may hold at most. The engine's own stay far below; a screen can show no more. */
export const OVERLAY_LIMITS = {
  structures: 64,
  /** Of one structure, and of all together. */
  contourPoints: 4096,
  advisories: 32,
  /** Characters of any text. */
  text: 300,
  /** Farthest from the image's corner, px: no image is larger, and canvases stay exact. */
  coordinatePx: 200_000,
} as const;

/**
 * Why a well-formed overlay must not be drawn; null when it may. The schema says what an overlay
 * looks like (`parseMessageToDisplay`); this says what it may claim: bounded, about the stream that
 * was asked for, without a tip in a state that has none and without millimetres where the spacing
 * is unknown.
 *
 * @param stream - the stream that this display shows; null = any
 */
export function findOverlayFault(overlay: Overlay, stream: string | null): string | null {
  if (stream !== null && overlay.stream !== stream) return 'it is about another stream';
  return findExcess(overlay) ?? findContradiction(overlay) ?? findFarPoint(overlay);
}

function findExcess({ structures, guidance, model }: Overlay): string | null {
  if (structures.length > OVERLAY_LIMITS.structures) return `${structures.length} structures`;
  const points = structures.reduce((sum, { contour }) => sum + contour.length, 0);
  if (points > OVERLAY_LIMITS.contourPoints) return `${points} points of contours`;
  if (guidance.advisories.length > OVERLAY_LIMITS.advisories) return 'too many advisories';
  const texts = [model.id, model.sha256, ...guidance.advisories.map(({ text }) => text)];
  return texts.some((text) => text.length > OVERLAY_LIMITS.text) ? 'a text is too long' : null;
}

function findContradiction(overlay: Overlay): string | null {
  const { needle, guidance, spacing, structures, spread } = overlay;
  const mayHaveTip = needle.state === 'tip-visible' || needle.state === 'tip-coasting';
  if (mayHaveTip !== (needle.tip !== null)) {
    return `the needle is ${needle.state} and ${needle.tip === null ? 'has no tip' : 'has a tip'}`;
  }
  if (needle.tip !== null && !(needle.radius90Px !== null && needle.radius90Px >= 0)) {
    return 'the tip has no radius';
  }
  if (needle.radius90Mm !== null && needle.radius90Mm < 0) return 'the tip has no radius';
  if (spacing !== null) return null;
  const isInMm =
    needle.radius90Mm !== null ||
    guidance.nearest !== null ||
    guidance.tip !== null ||
    (spread !== undefined && spread.areaMm2 !== null) ||
    guidance.clearances.some(({ clearanceMm }) => clearanceMm !== null) ||
    structures.some(({ areaMm2 }) => areaMm2 !== null);
  return isInMm ? 'it says millimetres without a spacing' : null;
}

function findFarPoint(overlay: Overlay): string | null {
  const { needle, structures, guidance, spread, prediction } = overlay;
  const points: (PointPx | null | undefined)[] = [
    needle.tip,
    needle.shaft?.from,
    needle.shaft?.to,
    guidance.target?.point,
    spread?.centroid,
    prediction?.tip,
    guidance.trajectory?.segment.from,
    guidance.trajectory?.segment.to,
  ];
  if (points.some((point) => point != null && isFar(point))) return 'a point is far outside';
  const isContourFar = structures.some(({ contour }) => contour.some(isFar));
  return isContourFar ? 'a contour is far outside' : null;
}

function isFar({ xPx, yPx }: PointPx): boolean {
  const farthest = OVERLAY_LIMITS.coordinatePx;
  return !(Math.abs(xPx) <= farthest && Math.abs(yPx) <= farthest);
}
