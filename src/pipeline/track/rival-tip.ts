import type { PointPx } from '../../domain/geometry.js';
import type { FrameContext, TipCandidate } from '../frame-context.js';

/**
 * When a tip that is not where one is followed is believed: the rules that keep a track from
 * jumping to the wrong end of its shaft, or to a section of it.
 */

/** A tip elsewhere, with nothing left where one was followed, is the tip after this many frames. */
export const RIVAL_FRAMES = 3;
/** While a tip is not confirmed yet, a better one elsewhere needs no more than this. */
export const TENTATIVE_FRAMES = 2;
/**
 * What a tip needs that contradicts the one that is still seen, or that is doubtful: long enough
 * for a wrong end that flickers up, short enough (a quarter of a second) to correct a wrong start.
 */
export const DOUBTFUL_FRAMES = 8;
/** How long the way of a lost tip makes others doubtful, µs. Hands change nothing faster. */
const INSERTION_MEMORY_US = 1_000_000;

/** Rivals within this distance are one, mm. */
const SAME_MM = 3;
/** Cosine below which a needle would come from the other side. */
const REVERSED = -0.5;
/** A tip this far back along the same shaft and this near to its line is a section of it, mm. */
const SET_BACK_MM = 3;
const SAME_LINE_MM = 2;
/** Weight of a new frame in the direction of the insertion. */
const HEADING_WEIGHT = 0.2;

/** A tip outside the gate. */
export interface Rival {
  readonly point: PointPx;
  /** Frames that showed it, less those that did not. */
  readonly frames: number;
}

/** Where the followed tip was last and in which direction its needle goes. */
export interface Insertion {
  readonly tip: PointPx;
  readonly timeUs: number;
  /** Unit vector in mm from the entry to the tip; null without a shaft. */
  readonly heading: { readonly x: number; readonly y: number } | null;
}

/** The rival after a frame in which the followed tip was the best one, or there was none. */
export function weaken(rival: Rival | null): Rival | null {
  return rival === null || rival.frames <= 1 ? null : { ...rival, frames: rival.frames - 1 };
}

/** The rival after a frame with its tip elsewhere. Another one has to wear it down first. */
export function meet(rival: Rival | null, point: PointPx, context: FrameContext): Rival {
  if (rival === null) return { point, frames: 1 };
  const { x, y } = inMm(rival.point, point, context);
  if (Math.hypot(x, y) <= SAME_MM) return { point, frames: rival.frames + 1 };
  return weaken(rival) ?? { point, frames: 1 };
}

/** What is known of the insertion after a measured tip; only the direction is smoothed. */
export function insertionOf(
  tip: TipCandidate,
  before: Insertion | null,
  timeUs: number,
  context: FrameContext,
): Insertion {
  const heading = headingOf(tip, context);
  const known = before?.heading ?? null;
  if (heading === null) return { tip: tip.point, timeUs, heading: known };
  if (known === null) return { tip: tip.point, timeUs, heading };
  const x = known.x + HEADING_WEIGHT * (heading.x - known.x);
  const y = known.y + HEADING_WEIGHT * (heading.y - known.y);
  const length = Math.hypot(x, y);
  const mean = length > 0 ? { x: x / length, y: y / length } : known;
  return { tip: tip.point, timeUs, heading: mean };
}

/** Whether an insertion is too long ago to make another tip doubtful. */
export function isForgotten(last: Insertion | null, nowUs: number): boolean {
  return last !== null && nowUs - last.timeUs > INSERTION_MEMORY_US;
}

/**
 * Whether a tip contradicts the needle that was followed just now: one that would come from the
 * other side is the entry end; one set back along the same line is the end of what is still visible
 * of a shaft whose tip went out of sight, the classical clinical error (ml.md 5). A needle that is
 * drawn back moves through the gate and never gets here.
 */
export function isDoubtful(tip: TipCandidate, last: Insertion, context: FrameContext): boolean {
  if (last.heading === null) return false;
  const heading = headingOf(tip, context);
  const isReversed =
    heading !== null && heading.x * last.heading.x + heading.y * last.heading.y < REVERSED;
  const { x, y } = inMm(last.tip, tip.point, context);
  const along = x * last.heading.x + y * last.heading.y;
  const across = y * last.heading.x - x * last.heading.y;
  return isReversed || (along < -SET_BACK_MM && Math.abs(across) < SAME_LINE_MM);
}

function headingOf(tip: TipCandidate, context: FrameContext): { x: number; y: number } | null {
  if (tip.shaftFrom === null) return null;
  const { x, y } = inMm(tip.shaftFrom, tip.point, context);
  const length = Math.hypot(x, y);
  return length > 0 ? { x: x / length, y: y / length } : null;
}

/** The way from one place to another, mm. */
function inMm(from: PointPx, to: PointPx, context: FrameContext): { x: number; y: number } {
  const { xMm, yMm } = context.gateSpacing;
  return { x: (to.xPx - from.xPx) * xMm, y: (to.yPx - from.yPx) * yMm };
}
