import { angleBetweenDeg } from './geometry.js';
import {
  advanceMm,
  type MeasuredNeedle,
  measuredNeedle,
  type ProcedureFrame,
} from './procedure-frame.js';

/**
 * Thresholds of `docs/procedures.md`, "Passes". No standard defines a pass by numbers; these are
 * Echoline's own, from its research notes.
 */
/** Needle that has to be in sight for this length, and this long, before it counts as inserted. */
const INSERTED_MM = 5;
const INSERTED_US = 300_000;
/** To-and-fro below this is no withdrawal. */
const RECIPROCATING_MM = 3;
/** Withdrawal that ends a stroke: this much, or this share of the depth when that is less. */
const WITHDRAWN_MM = 5;
const WITHDRAWN_SHARE = 0.3;
/** Advance that makes the next stroke a pass. */
const ADVANCED_MM = 5;
/** Turn of the shaft after a withdrawal that makes it a redirection. */
const REDIRECTED_DEG = 5;
/** Longest time without a measured tip over which positions are still compared. */
const LOST_US = 2_000_000;
/** A shaft whose tip is not seen counts as inserted when it has been in sight for this long … */
const SHAFT_INSERTED_US = 2_000_000;
/** … without longer gaps than this: a line here and there is no needle … */
const SHAFT_GAP_US = 300_000;
/** … and the network is this sure: on a development procedure fascia came to 0.89. */
const SHAFT_CONFIDENCE = 0.9;
/**
 * Under a heading that differs by this much it is another stroke: a needle in deep tissue cannot be
 * turned so far without having been drawn back.
 */
const TURNED_DEG = 10;
/** Turned by more it is a line of another kind: a needle is not redirected so far. */
const TURNED_MAX_DEG = 60;

/** One stroke of the needle: in, and perhaps back again. Depths in mm along the shaft. */
interface Stroke {
  readonly depthMm: number;
  readonly deepestMm: number;
  /** Heading at the deepest point. */
  readonly headingDeg: number;
  /** Since the deepest point; equal to `deepestMm` while not withdrawn. */
  readonly shallowestMm: number;
}

interface Sighting {
  readonly needle: MeasuredNeedle;
  readonly atUs: number;
  readonly trackEpoch: number;
}

/** What the counter knows. Only tips measured in their own frame count. */
export interface PassCount {
  readonly passes: number;
  /** Passes that began with another heading than the one before, without leaving the skin. */
  readonly redirections: number;
  readonly last: Sighting | null;
  /** null until an insertion has been seen long enough. */
  readonly stroke: Stroke | null;
  /** How long an insertion that is not yet believed has been seen, µs. */
  readonly seenUs: number;
  /**
   * Since when a shaft whose tip is not seen has looked like a stroke that is not counted yet, and
   * its heading then; null while it does not.
   */
  readonly shaft: { readonly sinceUs: number; readonly headingDeg: number } | null;
  /** When a shaft without its tip was last seen; null before. */
  readonly shaftSeenUs: number | null;
}

export const NO_PASSES: PassCount = {
  passes: 0,
  redirections: 0,
  last: null,
  stroke: null,
  seenUs: 0,
  shaft: null,
  shaftSeenUs: null,
};

/**
 * Counts insertion strokes: a new pass begins when the needle, drawn back by 5 mm (or 30 % of its
 * depth), is advanced by 5 mm, or when it was drawn back by 3 mm and advanced by 3 mm under another
 * heading. A frozen picture shows the past: nothing is counted in it. Pure; frames in the order of
 * their times.
 */
export function countPasses(count: PassCount, frame: ProcedureFrame): PassCount {
  if (frame.guidance.reasons.includes('frozen')) return count;
  const needle = measuredNeedle(frame, 'tip');
  if (needle === null) return withoutTip(count, frame);
  const { last } = count;
  const { atUs, trackEpoch } = frame;
  const seen: PassCount = { ...count, shaft: null, last: { needle, atUs, trackEpoch } };
  if (last === null || isNewInsertion(count, last, needle, frame.atUs)) {
    return { ...seen, stroke: null, seenUs: 0 };
  }
  if (count.stroke === null) return believeInsertion(seen, needle, frame.atUs - last.atUs);
  // A change of depth or geometry moves the picture, not the needle.
  const isSamePicture = last.trackEpoch === frame.trackEpoch;
  const stepMm = isSamePicture ? advanceMm(last.needle, needle) : 0;
  return follow(seen, count.stroke, needle, stepMm);
}

/** A stroke whose tip is not seen, by what is seen of its shaft: it has to look so for a while. */
function withoutTip(count: PassCount, frame: ProcedureFrame): PassCount {
  const end = measuredNeedle(frame, 'visible-end');
  if (end === null || frame.needle.confidence < SHAFT_CONFIDENCE) return count;
  const { stroke } = count;
  const { atUs, trackEpoch } = frame;
  const seen = { ...count, shaftSeenUs: atUs };
  const depthMm = depthOfShaft(count, end, trackEpoch);
  if (depthMm === null) return { ...seen, shaft: null };
  const { headingDeg } = end;
  const isSame =
    count.shaft !== null &&
    atUs - (count.shaftSeenUs ?? atUs) <= SHAFT_GAP_US &&
    angleBetweenDeg(count.shaft.headingDeg, headingDeg) < REDIRECTED_DEG;
  const shaft = isSame && count.shaft !== null ? count.shaft : { sinceUs: atUs, headingDeg };
  const neededUs = stroke === null ? SHAFT_INSERTED_US : INSERTED_US;
  if (atUs - shaft.sinceUs < neededUs) return { ...seen, shaft };
  const turnedDeg = stroke === null ? 0 : angleBetweenDeg(stroke.headingDeg, headingDeg);
  return {
    ...seen,
    passes: count.passes + 1,
    redirections: count.redirections + (turnedDeg >= REDIRECTED_DEG ? 1 : 0),
    last: { needle: end, atUs, trackEpoch },
    stroke: { depthMm, deepestMm: depthMm, shallowestMm: depthMm, headingDeg },
    shaft: null,
  };
}

/**
 * How deep the stroke is that a shaft without a tip shows, if it is one that is not counted yet;
 * else null. It is the first one, or it goes another way, or, since the tip is at least as deep as
 * the end of what is seen of the shaft, it reaches well beyond where the tip was drawn back to.
 */
function depthOfShaft(
  { stroke, last }: PassCount,
  end: MeasuredNeedle,
  trackEpoch: number,
): number | null {
  // A needle goes down; a line that rises is something else.
  const isInserted = end.visibleMm >= INSERTED_MM && end.direction.yMm > 0;
  if (stroke === null || last === null) return isInserted ? end.visibleMm : null;
  const turnedDeg = angleBetweenDeg(stroke.headingDeg, end.headingDeg);
  if (isInserted && turnedDeg >= TURNED_DEG && turnedDeg <= TURNED_MAX_DEG) return end.visibleMm;
  if (last.trackEpoch !== trackEpoch || !hasEnded(stroke)) return null;
  const depthMm = stroke.depthMm + advanceMm(last.needle, end);
  return depthMm - stroke.shallowestMm >= ADVANCED_MM ? depthMm : null;
}

/** Out of sight for long, and then another line: it has been through the skin again. */
function isNewInsertion(
  { shaftSeenUs }: PassCount,
  last: Sighting,
  needle: MeasuredNeedle,
  nowUs: number,
): boolean {
  if (nowUs - last.atUs <= LOST_US) return false;
  const isShaftSeen = shaftSeenUs !== null && nowUs - shaftSeenUs <= LOST_US;
  const turnedDeg = angleBetweenDeg(last.needle.headingDeg, needle.headingDeg);
  return turnedDeg >= (isShaftSeen ? TURNED_DEG : REDIRECTED_DEG);
}

function believeInsertion(count: PassCount, needle: MeasuredNeedle, sinceUs: number): PassCount {
  const seenUs = count.seenUs + Math.min(sinceUs, INSERTED_US / 2);
  if (seenUs < INSERTED_US || needle.visibleMm < INSERTED_MM) return { ...count, seenUs };
  const depthMm = needle.visibleMm;
  const { headingDeg } = needle;
  const stroke = { depthMm, deepestMm: depthMm, shallowestMm: depthMm, headingDeg };
  return { ...count, passes: count.passes + 1, stroke, seenUs };
}

function follow(
  count: PassCount,
  before: Stroke,
  needle: MeasuredNeedle,
  stepMm: number,
): PassCount {
  const depthMm = before.depthMm + stepMm;
  const { headingDeg } = needle;
  const shallowestMm = Math.min(before.shallowestMm, depthMm);
  const withdrawnMm = before.deepestMm - shallowestMm;
  const againMm = depthMm - shallowestMm;
  const isOver = hasEnded({ ...before, shallowestMm });
  const turnedDeg = angleBetweenDeg(before.headingDeg, headingDeg);
  const isRedirected = turnedDeg >= REDIRECTED_DEG && withdrawnMm >= RECIPROCATING_MM;
  const isNewPass =
    (isOver && againMm >= ADVANCED_MM) || (isRedirected && againMm >= RECIPROCATING_MM);
  const deepestHere = { depthMm, deepestMm: depthMm, shallowestMm: depthMm, headingDeg };
  if (isNewPass) {
    const passes = count.passes + 1;
    const redirections = count.redirections + (isRedirected ? 1 : 0);
    return { ...count, passes, redirections, stroke: deepestHere };
  }
  const isDeeper = depthMm >= before.deepestMm && !isOver;
  return { ...count, stroke: isDeeper ? deepestHere : { ...before, depthMm, shallowestMm } };
}

/** Whether the needle was drawn back far enough to end the stroke. */
function hasEnded({ deepestMm, shallowestMm }: Stroke): boolean {
  const endMm = Math.min(WITHDRAWN_MM, WITHDRAWN_SHARE * deepestMm);
  return deepestMm - shallowestMm >= Math.max(RECIPROCATING_MM, endMm);
}
