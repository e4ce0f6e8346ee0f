import type { PointMm } from '../../domain/geometry.js';

/** An area below this may be noise, mm² (notes/ml.md 8). */
const AREA_MIN_MM2 = 3;
/** Growth that is fluid, mm²/s (notes/ml.md 8). */
const RATE_MIN_MM2_PER_S = 2;
/** How long it has to grow: five frames at 30 a second, three at 15, µs. */
const GROWING_US = 130_000;
/** Growth that takes longer than this to show is none, µs. */
const RUN_MAX_US = 1_000_000;
/** A needle that has gone further meanwhile uncovers and covers tissue: that is no growth, mm. */
const TIP_MAX_MM = 1.5;
/** A dip of this share is noise in between. */
const DIP = 0.15;
/** What the rate is measured over, µs. */
const RATE_WINDOW_US = 500_000;
const HISTORY_MAX = 40;

/** The area over time. */
export interface Growth {
  readonly samples: readonly { readonly atUs: number; readonly areaMm2: number }[];
  /** Time, area and tip of the first frame of the present growth; null before any. */
  readonly run: {
    readonly atUs: number;
    readonly areaMm2: number;
    readonly frames: number;
    readonly tipMm: PointMm | null;
  } | null;
  /** When the spread was first seen, capture time; null = not yet. */
  readonly onsetUs: number | null;
}

export const NO_GROWTH: Growth = { samples: [], run: null, onsetUs: null };

/**
 * Takes in one frame's area. The spread is seen once an area of 3 mm² more than before has grown
 * steadily for long enough, round a needle that rests; its onset is then the frame in which that
 * growth began.
 *
 * @param tipMm - null where it is not known
 */
export function nextGrowth(
  growth: Growth,
  areaMm2: number,
  tipMm: PointMm | null,
  nowUs: number,
): Growth {
  const samples = [...growth.samples, { atUs: nowUs, areaMm2 }].slice(-HISTORY_MAX);
  if (growth.onsetUs !== null) return { ...growth, samples };
  const before = growth.samples.at(-1);
  const isDown = before === undefined || areaMm2 < (1 - DIP) * before.areaMm2;
  const run =
    growth.run === null ||
    isDown ||
    areaMm2 <= growth.run.areaMm2 ||
    hasMoved(growth.run.tipMm, tipMm) ||
    nowUs - growth.run.atUs > RUN_MAX_US
      ? { atUs: nowUs, areaMm2, tipMm, frames: 1 }
      : { ...growth.run, frames: growth.run.frames + 1 };
  const grownMm2 = areaMm2 - run.areaMm2;
  const lastedUs = nowUs - run.atUs;
  const isSeen =
    run.frames >= 3 &&
    lastedUs >= GROWING_US &&
    grownMm2 >= AREA_MIN_MM2 &&
    grownMm2 > (RATE_MIN_MM2_PER_S * lastedUs) / 1e6;
  return { samples, run, onsetUs: isSeen ? run.atUs : null };
}

function hasMoved(from: PointMm | null, to: PointMm | null): boolean {
  if (from === null || to === null) return false;
  return Math.hypot(to.xMm - from.xMm, to.yMm - from.yMm) > TIP_MAX_MM;
}

/** Growth over the last half second, mm²/s; null before there are two frames. */
export function growthRate({ samples }: Growth): number | null {
  const last = samples.at(-1);
  const first = samples.find(
    ({ atUs }) => last !== undefined && last.atUs - atUs <= RATE_WINDOW_US,
  );
  if (last === undefined || first === undefined || last.atUs <= first.atUs) return null;
  return ((last.areaMm2 - first.areaMm2) * 1e6) / (last.atUs - first.atUs);
}
