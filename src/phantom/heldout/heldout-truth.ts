import type { PointPx } from '../../domain/geometry.js';
import type { NeedleTruth } from '../../domain/ground-truth.js';
import { type HeldoutNeedle, needleDirection, needlePoint, shaftDb } from './heldout-needle.js';
import { type HeldoutView, isInEcho } from './heldout-view.js';

/** How the needle stood in a frame. Offsets take tissue pixels to image pixels (subtracted). */
export interface NeedleMoment {
  readonly advancedPx: number;
  readonly timeS: number;
  readonly offsetXPx: number;
  readonly offsetYPx: number;
}

/** Level of tissue and noise around an image position, and what the way there costs; dB. */
export interface Surroundings {
  readonly levelDb: (xPx: number, yPx: number) => number;
  readonly transmissionDb: (xPx: number, yPx: number) => number;
}

/** Positions at which the shaft's visibility is stated. */
const VISIBILITY_SAMPLES = 17;
/** Contrast at which a tip is called visible, dB above its surroundings. */
const VISIBLE_DB = 7;

/** The truth of the needle; null when no part of it is in the image (or the dot is not there). */
export function needleTruth(
  needle: HeldoutNeedle,
  view: HeldoutView,
  around: Surroundings,
  moment: NeedleMoment,
): NeedleTruth | null {
  const { advancedPx, timeS } = moment;
  if (needle.kind === 'out-of-plane-dot') {
    const tip = pointAt(needle, moment, 0, 0);
    const seen = needle.inPlane(0, timeS) > 0.25 && isInEcho(view, tip.xPx, tip.yPx);
    if (!seen) return null;
    return { tip, tipVisible: false, approach: 'out-of-plane', shaft: null, shaftVisibility: [] };
  }
  const span = visibleSpan(needle, view, moment);
  if (span === null) return null;
  const visibility: number[] = [];
  for (let k = 0; k < VISIBILITY_SAMPLES; k++) {
    const u = span.farPx + (span.nearPx - span.farPx) * (k / (VISIBILITY_SAMPLES - 1));
    visibility.push(shaftVisibility(needle, view, around, moment, u));
  }
  const tip = pointAt(needle, moment, advancedPx, 0);
  const tipShare = needle.inPlane(0, timeS);
  const tipContrast = contrastDb(needle, view, around, moment, 0) + needle.flareDb;
  return {
    tip,
    tipVisible: isInEcho(view, tip.xPx, tip.yPx) && tipShare > 0.35 && tipContrast >= VISIBLE_DB,
    approach: 'in-plane',
    shaft: {
      from: pointAt(needle, moment, advancedPx, span.farPx),
      to: pointAt(needle, moment, advancedPx, span.nearPx),
    },
    shaftVisibility: visibility,
  };
}

function pointAt(
  needle: HeldoutNeedle,
  moment: NeedleMoment,
  advancedPx: number,
  fromTipPx: number,
): PointPx {
  const point = needlePoint(needle, advancedPx, fromTipPx);
  return { xPx: point.xPx - moment.offsetXPx, yPx: point.yPx - moment.offsetYPx };
}

/** The part of the shaft inside the echo data, as distances from the tip; null without one. */
function visibleSpan(
  needle: HeldoutNeedle,
  view: HeldoutView,
  moment: NeedleMoment,
): { readonly nearPx: number; readonly farPx: number } | null {
  let nearPx = -1;
  let farPx = -1;
  for (let u = 0; u < needle.lengthPx; u += 0.5) {
    const point = pointAt(needle, moment, moment.advancedPx, u);
    const inside = isInEcho(view, point.xPx, point.yPx);
    if (inside && nearPx < 0) nearPx = u;
    if (inside) farPx = u;
    if (!inside && nearPx >= 0) break;
  }
  const shortestPx = 2 / view.mmPerPx;
  return nearPx < 0 || farPx - nearPx < shortestPx ? null : { nearPx, farPx };
}

/** Echo of the shaft against what is around it, dB. */
function contrastDb(
  needle: HeldoutNeedle,
  view: HeldoutView,
  around: Surroundings,
  moment: NeedleMoment,
  fromTipPx: number,
): number {
  const point = pointAt(needle, moment, moment.advancedPx, fromTipPx);
  const direction = needleDirection(needle, moment.advancedPx, fromTipPx);
  const share = needle.inPlane(fromTipPx, moment.timeS);
  const level = shaftDb(needle, view, point.xPx, point.yPx, direction);
  const loss = around.transmissionDb(point.xPx, point.yPx);
  return level + loss + 20 * Math.log10(share + 1e-3) - around.levelDb(point.xPx, point.yPx);
}

function shaftVisibility(
  needle: HeldoutNeedle,
  view: HeldoutView,
  around: Surroundings,
  moment: NeedleMoment,
  fromTipPx: number,
): number {
  const contrast = contrastDb(needle, view, around, moment, fromTipPx);
  return 1 / (1 + Math.exp(-(contrast - VISIBLE_DB) / 1.6));
}
