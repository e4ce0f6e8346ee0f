import {
  drawElevationDeg,
  drawEntry,
  drawNeedleAppearance,
  drawSeenShaft,
  type NeedleKeyframe,
  type NeedleScript,
  type SeenShaft,
  WHOLE_SHAFT,
} from './needle.js';
import { type ProbeView, type RaySpan, raySpanInView } from './probe-view.js';
import type { Random } from './random.js';
import { smooth } from './smooth-noise.js';

/** A needle at one moment. Positions in mm in the probe's frame; z grows deeper. */
export interface NeedlePose {
  readonly approach: 'in-plane' | 'out-of-plane';
  readonly entryXMm: number;
  readonly entryZMm: number;
  /** The physical tip, or the crossing point of an out-of-plane needle. */
  readonly tipXMm: number;
  readonly tipZMm: number;
  /** Unit vector from entry to tip. */
  readonly directionX: number;
  readonly directionZ: number;
  readonly lengthMm: number;
  /** Sagitta at the middle; positive bulges deeper. */
  readonly bowMm: number;
  readonly planeOffsetMm: number;
  readonly planeSlope: number;
  readonly tipGain: number;
  readonly tipFadeMm: number;
  readonly seen: SeenShaft;
  /** Along the shaft, mm/s; negative while withdrawing. */
  readonly speedMmS: number;
}

/** The needle at a time, or null while it is not inserted at all. */
export function needlePoseAt(script: NeedleScript, timeS: number): NeedlePose | null {
  const now = keyframeAt(script.keyframes, timeS);
  if (now.insertionMm <= 0) return null;
  const before = keyframeAt(script.keyframes, timeS - 1 / 30);
  const tremorPhase = 2 * Math.PI * script.tremorHz * timeS;
  const tremorMm = script.tremorMm * Math.sin(tremorPhase);
  const angle = (now.angleDeg * Math.PI) / 180;
  const directionX = (script.side === 'left' ? 1 : -1) * Math.cos(angle);
  const directionZ = Math.sin(angle);
  const lengthMm = Math.max(0.1, now.insertionMm + tremorMm);
  const swayMm = 0.5 * script.tremorMm * Math.sin(0.73 * tremorPhase + 1);
  return {
    approach: script.approach,
    entryXMm: script.entryXMm,
    entryZMm: script.entryZMm + swayMm,
    tipXMm: script.entryXMm + directionX * lengthMm,
    tipZMm: script.entryZMm + swayMm + directionZ * lengthMm,
    directionX,
    directionZ,
    lengthMm,
    bowMm: script.bowMm * Math.min(1, (lengthMm / 40) ** 2),
    planeOffsetMm: now.planeOffsetMm,
    planeSlope: script.planeSlope,
    tipGain: now.tipGain,
    tipFadeMm: script.tipFadeMm,
    seen: script.seen,
    speedMmS: (now.insertionMm - before.insertionMm) * 30,
  };
}

/** A point of the (bowed) shaft, `share` of the way from entry (0) to tip (1), mm. */
export function shaftPointAt(
  pose: NeedlePose,
  share: number,
): { readonly xMm: number; readonly zMm: number } {
  const along = share * pose.lengthMm;
  const bow = 4 * pose.bowMm * share * (1 - share) * (pose.directionX >= 0 ? 1 : -1);
  return {
    xMm: pose.entryXMm + pose.directionX * along - pose.directionZ * bow,
    zMm: pose.entryZMm + pose.directionZ * along + pose.directionX * bow,
  };
}

/** Eased interpolation between keyframes; constant before the first and after the last. */
export function keyframeAt(keyframes: readonly NeedleKeyframe[], timeS: number): NeedleKeyframe {
  let previous = keyframes[0];
  if (previous === undefined) throw new Error('Assertion failed: a needle script needs keyframes');
  for (const next of keyframes) {
    if (next.timeS > timeS) {
      const span = next.timeS - previous.timeS;
      const share = span <= 0 ? 1 : (timeS - previous.timeS) / span;
      // Half linear, half smooth: hands start and stop softly but move evenly in between.
      return blend(previous, next, timeS, 0.5 * share + 0.5 * smooth(share));
    }
    previous = next;
  }
  return { ...previous, timeS };
}

function blend(
  from: NeedleKeyframe,
  to: NeedleKeyframe,
  timeS: number,
  share: number,
): NeedleKeyframe {
  if (share <= 0) return { ...from, timeS };
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return {
    timeS,
    insertionMm: mix(from.insertionMm, to.insertionMm),
    angleDeg: mix(from.angleDeg, to.angleDeg),
    planeOffsetMm: mix(from.planeOffsetMm, to.planeOffsetMm),
    tipGain: mix(from.tipGain, to.tipGain),
  };
}

/**
 * Draws an in-plane needle that visits the view: its look, its entry, and about 14 s of movement.
 */
export function drawInPlaneNeedle(random: Random, view: ProbeView): NeedleScript {
  for (let attempt = 0; attempt < 40; attempt++) {
    const elevationDeg = drawElevationDeg(random);
    const entry = drawEntry(random, view, elevationDeg);
    const angle = (elevationDeg * Math.PI) / 180;
    const direction = {
      x: (entry.side === 'left' ? 1 : -1) * Math.cos(angle),
      z: Math.sin(angle),
    };
    const span = raySpanInView(view, entry, direction, 1);
    if (span === null || span.endMm - span.startMm < 0.3 * view.depthMm) continue;
    return {
      approach: 'in-plane',
      side: entry.side,
      entryXMm: entry.xMm,
      entryZMm: entry.zMm,
      bowMm: random.chance(0.5) ? random.range(-1.5, 1.5) : 0,
      planeSlope: random.chance(0.5) ? random.range(-0.08, 0.08) : 0,
      tipFadeMm: random.range(1.5, 9),
      seen: drawSeenShaft(random.fork('seen'), span.endMm - span.startMm),
      tremorMm: random.range(0.02, 0.2),
      tremorHz: random.range(8, 12),
      appearance: drawNeedleAppearance(random),
      keyframes: drawKeyframes(random, span, elevationDeg),
    };
  }
  throw new Error('Assertion failed: no needle direction crosses the view');
}

/**
 * Draws an out-of-plane needle: a dot at some depth that comes and goes. Its `insertionMm` moves
 * the
 * crossing point along the direction, and `planeOffsetMm` is 0 while the shaft crosses the plane.
 */
export function drawOutOfPlaneNeedle(random: Random, view: ProbeView): NeedleScript {
  const depth = random.range(0.2, 0.8) * view.depthMm;
  const reachX = view.halfWidthMm * 0.8;
  const walkMm = random.range(0.5, 0.2 * view.depthMm);
  const keyframes: NeedleKeyframe[] = [];
  let insertionMm = random.range(1, 4);
  for (let timeS = 0; timeS < 14; timeS += random.range(0.5, 2)) {
    insertionMm = Math.max(0.5, Math.min(4 + walkMm, insertionMm + random.range(-2, 3)));
    const planeOffsetMm = random.chance(0.2) ? random.range(1, 3) : random.range(0, 0.4);
    keyframes.push({ timeS, insertionMm, angleDeg: 80, planeOffsetMm, tipGain: 1 });
  }
  return {
    approach: 'out-of-plane',
    side: random.chance(0.5) ? 'left' : 'right',
    entryXMm: random.range(-reachX, reachX),
    entryZMm: Math.max(1, depth - walkMm),
    bowMm: 0,
    planeSlope: 0,
    tipFadeMm: 0,
    seen: WHOLE_SHAFT,
    tremorMm: random.range(0.02, 0.15),
    tremorHz: random.range(8, 12),
    appearance: drawNeedleAppearance(random),
    keyframes,
  };
}

const MOVES = ['advance', 'advance', 'pause', 'withdraw', 'redirect', 'jab', 'fade'] as const;

/** Movement within the span where the tip is in view, with phases of 0.4 to 2.5 s. */
function drawKeyframes(random: Random, span: RaySpan, elevationDeg: number): NeedleKeyframe[] {
  const reach = span.endMm - span.startMm;
  const isLateStart = random.chance(0.15);
  const start = isLateStart ? -0.08 : random.range(0.1, 0.8);
  let state: NeedleKeyframe = {
    timeS: 0,
    insertionMm: span.startMm + start * reach,
    angleDeg: elevationDeg,
    planeOffsetMm: random.chance(0.75) ? random.range(-0.5, 0.5) : random.range(-2, 2),
    tipGain: random.chance(0.9) ? 1 : random.range(0, 0.6),
  };
  const keyframes = [state];
  while (state.timeS < 14) {
    state = nextKeyframe(random, state, span, elevationDeg);
    keyframes.push(state);
  }
  return keyframes;
}

function nextKeyframe(
  random: Random,
  state: NeedleKeyframe,
  span: RaySpan,
  elevationDeg: number,
): NeedleKeyframe {
  const move = random.pick(MOVES);
  const durationS = random.range(0.4, move === 'jab' ? 0.8 : 2.5);
  const top = span.endMm - 0.05 * (span.endMm - span.startMm);
  const bottom = span.startMm + 0.03 * (span.endMm - span.startMm);
  const go = (speedMmS: number): number =>
    Math.max(bottom, Math.min(top, state.insertionMm + speedMmS * durationS));
  const drift = random.gaussian() * 0.3;
  const base = { ...state, timeS: state.timeS + durationS };
  switch (move) {
    case 'advance':
      return {
        ...base,
        insertionMm: go(random.range(1, 20)),
        planeOffsetMm: state.planeOffsetMm + drift,
      };
    case 'jab':
      return { ...base, insertionMm: go(random.pick([-1, 1]) * random.range(15, 40)) };
    case 'withdraw':
      return {
        ...base,
        insertionMm: go(-random.range(3, 20)),
        planeOffsetMm: state.planeOffsetMm - drift,
      };
    case 'redirect':
      return {
        ...base,
        insertionMm: go(-random.range(0, 10)),
        angleDeg: elevationDeg + random.range(-7, 7),
        planeOffsetMm: random.range(-0.8, 0.8),
      };
    case 'fade':
      return { ...base, tipGain: random.chance(0.75) ? 1 : random.range(0, 0.4) };
    case 'pause':
      return base;
  }
}
