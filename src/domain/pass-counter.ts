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
   * Since when a shaft whose tip is not seen has reached so far beyond where the tip was drawn back
   * to that it is another stroke; null while it does not.
   */
  readonly beyondSinceUs: number | null;
}

export const NO_PASSES: PassCount = {
  passes: 0,
  redirections: 0,
  last: null,
  stroke: null,
  seenUs: 0,
  beyondSinceUs: null,
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
  const seen: PassCount = { ...count, beyondSinceUs: null, last: { needle, atUs, trackEpoch } };
  if (last === null || isNewInsertion(last, needle, frame.atUs)) {
    return { ...seen, stroke: null, seenUs: 0 };
  }
  if (count.stroke === null) return believeInsertion(seen, needle, frame.atUs - last.atUs);
  // A change of depth or geometry moves the picture, not the needle.
  const isSamePicture = last.trackEpoch === frame.trackEpoch;
  const stepMm = isSamePicture ? advanceMm(last.needle, needle) : 0;
  return follow(seen, count.stroke, needle, stepMm);
}

/**
 * The tip is at least as deep as the end of what is seen of the shaft: after a withdrawal, a shaft
 * that reaches well beyond where the tip was then has been advanced again.
 */
function withoutTip(count: PassCount, frame: ProcedureFrame): PassCount {
  const { stroke, last, beyondSinceUs } = count;
  const end = measuredNeedle(frame, 'visible-end');
  if (end === null || stroke === null || last === null) return count;
  const { atUs, trackEpoch } = frame;
  const depthMm = stroke.depthMm + advanceMm(last.needle, end);
  const isBeyond =
    last.trackEpoch === trackEpoch &&
    hasEnded(stroke) &&
    depthMm - stroke.shallowestMm >= ADVANCED_MM;
  if (!isBeyond) return { ...count, beyondSinceUs: null };
  if (beyondSinceUs === null || atUs - beyondSinceUs < INSERTED_US) {
    return { ...count, beyondSinceUs: beyondSinceUs ?? atUs };
  }
  const { headingDeg } = end;
  const isRedirected = angleBetweenDeg(stroke.headingDeg, headingDeg) >= REDIRECTED_DEG;
  return {
    ...count,
    passes: count.passes + 1,
    redirections: count.redirections + (isRedirected ? 1 : 0),
    last: { needle: end, atUs, trackEpoch },
    stroke: { depthMm, deepestMm: depthMm, shallowestMm: depthMm, headingDeg },
    beyondSinceUs: null,
  };
}

/** Out of sight for long, and then another line: it has been through the skin again. */
function isNewInsertion(last: Sighting, needle: MeasuredNeedle, nowUs: number): boolean {
  if (nowUs - last.atUs <= LOST_US) return false;
  return angleBetweenDeg(last.needle.headingDeg, needle.headingDeg) >= REDIRECTED_DEG;
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
