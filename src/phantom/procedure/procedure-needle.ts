import type { NeedleKeyframe } from '../needle.js';
import type { Random } from '../random.js';
import type { Aim } from './procedure-aims.js';
import type { ProcedureEvent } from './procedure-event.js';

/** The needle's whole way, in scene time. */
export interface NeedlePlan {
  readonly keyframes: readonly NeedleKeyframe[];
  readonly events: readonly ProcedureEvent[];
  /** Strokes towards an aim, each behind a withdrawal of at least 8 mm. */
  readonly passes: number;
  /** Of these, the ones whose heading differs by at least `REDIRECTION_DEG` from the one before. */
  readonly redirections: number;
  /** While the needle rests at the end of each leg. */
  readonly rests: readonly { readonly fromS: number; readonly toS: number }[];
  /** When an injection at the last aim may begin. */
  readonly injectionS: number;
  readonly endS: number;
}

/** Heading change that makes a stroke a redirection (notes/ml.md 8). */
const REDIRECTION_DEG = 5;
/** How far the needle is withdrawn between two legs, mm. */
const WITHDRAW_MM = { min: 9, max: 15 };
const INJECTION_S = 5;
const PLANE_MM = 0.1;

/**
 * Plans the way to each aim in turn from one entry. `outOfPlaneLeg` is the index of the leg on
 * which the needle leaves the plane for a while as it advances, or −1.
 */
export function planNeedle(
  random: Random,
  entry: { readonly xMm: number; readonly zMm: number },
  aims: readonly Aim[],
  outOfPlaneLeg: number,
): NeedlePlan {
  const way = startWay(random.range(1, 2));
  const events: ProcedureEvent[] = [];
  const rests: { fromS: number; toS: number }[] = [];
  let redirections = 0;
  for (const [leg, aim] of aims.entries()) {
    const reachMm = Math.hypot(aim.xMm - entry.xMm, aim.zMm - entry.zMm);
    const headingDeg = headingTo(entry, aim);
    if (leg > 0) {
      if (Math.abs(headingDeg - way.last().angleDeg) >= REDIRECTION_DEG) redirections += 1;
      withdraw(random, way, headingDeg, reachMm);
    } else {
      way.turn(headingDeg);
    }
    if (leg === outOfPlaneLeg) events.push(advanceUnseen(random, way, reachMm));
    else way.go(reachMm, random.range(6, 11));
    const restS = random.range(1.5, 2.6);
    rests.push({ fromS: way.last().timeS, toS: way.last().timeS + restS });
    way.rest(restS);
    const { kind, structure } = aim;
    if (kind === 'near-miss' || kind === 'vessel-entry') {
      const toS = way.last().timeS;
      events.push({ kind, fromS: toS - restS, toS, structure });
    }
  }
  const injectionS = way.last().timeS;
  way.rest(INJECTION_S);
  way.go(0, random.range(8, 14));
  way.rest(1);
  const endS = way.last().timeS;
  return { ...way, events, rests, passes: aims.length, redirections, injectionS, endS };
}

/** Degrees below the horizontal. */
function headingTo(entry: { readonly xMm: number; readonly zMm: number }, aim: Aim): number {
  return (Math.atan2(aim.zMm - entry.zMm, Math.abs(aim.xMm - entry.xMm)) * 180) / Math.PI;
}

/** Back by enough that the next stroke is a pass of its own, then round to the new heading. */
function withdraw(random: Random, way: Way, headingDeg: number, nextReachMm: number): void {
  const here = way.last().insertionMm;
  const backMm = random.range(WITHDRAW_MM.min, WITHDRAW_MM.max);
  way.go(Math.max(2, Math.min(here - backMm, nextReachMm - WITHDRAW_MM.min)), random.range(8, 14));
  way.turn(headingDeg, random.range(0.6, 1));
}

/** Out of the plane for the last stretch but the very end: the classical error. */
function advanceUnseen(random: Random, way: Way, reachMm: number): ProcedureEvent {
  way.go(Math.max(0.5 * reachMm, reachMm - 12), random.range(6, 11));
  way.shift(random.range(2.4, 3.4), 0.4);
  const fromS = way.last().timeS;
  way.go(reachMm - 2.5, random.range(4, 6));
  const toS = way.last().timeS;
  way.shift(PLANE_MM, 0.4);
  way.go(reachMm, 5);
  return { kind: 'tip-out-of-plane', fromS, toS, structure: null };
}

interface Way {
  readonly keyframes: NeedleKeyframe[];
  last(): NeedleKeyframe;
  go(insertionMm: number, speedMmS: number): void;
  turn(angleDeg: number, durationS?: number): void;
  shift(planeOffsetMm: number, durationS: number): void;
  rest(durationS: number): void;
}

function startWay(startS: number): Way {
  let last: NeedleKeyframe = {
    timeS: startS,
    insertionMm: 0,
    angleDeg: 30,
    planeOffsetMm: PLANE_MM,
    tipGain: 1,
  };
  const keyframes = [last];
  const add = (durationS: number, changes: Partial<NeedleKeyframe>): void => {
    last = { ...last, ...changes, timeS: last.timeS + durationS };
    if (durationS === 0) keyframes.pop();
    keyframes.push(last);
  };
  return {
    keyframes,
    last: () => last,
    go: (insertionMm, speedMmS) =>
      add(Math.max(0.1, Math.abs(insertionMm - last.insertionMm) / speedMmS), { insertionMm }),
    turn: (angleDeg, durationS = 0) => add(durationS, { angleDeg }),
    shift: (planeOffsetMm, durationS) => add(durationS, { planeOffsetMm }),
    rest: (durationS) => add(durationS, {}),
  };
}
