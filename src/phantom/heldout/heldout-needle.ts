import {
  createSmoothNoise,
  type HeldoutRandom,
  type SmoothNoise,
  smoothStep,
} from './heldout-random.js';
import type { HeldoutNeedleKind } from './heldout-stratum.js';
import type { TissueMap } from './heldout-tissue.js';
import { beamAngleRad, type HeldoutView, isInEcho } from './heldout-view.js';

/** A held-out needle (or a line that looks like one), fixed to the tissue. Tissue pixels. */
export interface HeldoutNeedle {
  readonly kind: Exclude<HeldoutNeedleKind, 'needle-free'>;
  /** Where the tip is at the start of the clip; for an out-of-plane needle, the dot. */
  readonly targetXPx: number;
  readonly targetYPx: number;
  /** Direction in which it advances, and its bend (rad per px, positive bends deeper). */
  readonly directionX: number;
  readonly directionY: number;
  readonly bendPerPx: number;
  readonly lengthPx: number;
  /** Echo strength when hit square-on, dB against muscle. */
  readonly peakDb: number;
  /** Angle at which the echo has lost 3 dB, rad, and the most that it can lose, dB. */
  readonly lobeRad: number;
  readonly lossLimitDb: number;
  /** Distance of successive ring-down echoes along the beam, px, and their decay, dB each. */
  readonly ringPx: number;
  readonly ringDecayDb: number;
  readonly ringCount: number;
  readonly shadowDb: number;
  readonly diameterPx: number;
  /** Extra strength at the tip, dB; 0 for a line that has no tip. */
  readonly flareDb: number;
  /** Share 0 to 1 in the image plane, `fromTipPx` back from the tip, at `timeS`. */
  readonly inPlane: (fromTipPx: number, timeS: number) => number;
}

export interface PlacePx {
  readonly xPx: number;
  readonly yPx: number;
}

/** The point `fromTipPx` back from the tip when the needle was advanced by `advancedPx`. */
export function needlePoint(needle: HeldoutNeedle, advancedPx: number, fromTipPx: number): PlacePx {
  const s = advancedPx - fromTipPx;
  const bend = 0.5 * needle.bendPerPx * s * s;
  const side = needle.directionX >= 0 ? 1 : -1;
  return {
    xPx: needle.targetXPx + s * needle.directionX - side * bend * needle.directionY,
    yPx: needle.targetYPx + s * needle.directionY + side * bend * needle.directionX,
  };
}

/** Direction of the shaft at a point of it, unit length, towards the tip. */
export function needleDirection(
  needle: HeldoutNeedle,
  advancedPx: number,
  fromTipPx: number,
): PlacePx {
  const side = needle.directionX >= 0 ? 1 : -1;
  const turn = side * needle.bendPerPx * (advancedPx - fromTipPx);
  const x = needle.directionX - turn * needle.directionY;
  const y = needle.directionY + turn * needle.directionX;
  const length = Math.hypot(x, y);
  return { xPx: x / length, yPx: y / length };
}

/** Echo strength at a shaft point from its angle to the beam: a Lorentz lobe with a floor, dB. */
export function shaftDb(
  needle: HeldoutNeedle,
  view: HeldoutView,
  imageXPx: number,
  imageYPx: number,
  direction: PlacePx,
): number {
  const beam = beamAngleRad(view, imageXPx, imageYPx);
  const along = Math.abs(direction.xPx * Math.sin(beam) + direction.yPx * Math.cos(beam));
  const tilt = Math.asin(Math.min(1, along)) / needle.lobeRad;
  return needle.peakDb - Math.min(needle.lossLimitDb, 10 * Math.log10(1 + tilt * tilt));
}

/** Whether enough sound reaches an image position for a needle to be shown there. */
export type Reaches = (imageXPx: number, imageYPx: number) => boolean;

/** Chooses a needle for a stratum, its tip well inside the echo data and out of deep shadow. */
export function createHeldoutNeedle(
  random: HeldoutRandom,
  view: HeldoutView,
  map: TissueMap,
  kind: Exclude<HeldoutNeedleKind, 'needle-free'>,
  reaches: Reaches,
): HeldoutNeedle {
  const steepRad =
    (Math.PI / 180) * (random.chance(0.3) ? random.between(5, 18) : random.between(18, 62));
  const side = random.chance(0.5) ? 1 : -1;
  const direction = { xPx: side * Math.cos(steepRad), yPx: Math.sin(steepRad) };
  const target = chooseTarget(random, view, reaches, direction);
  const mm = 1 / view.mmPerPx;
  const diameterPx = random.between(0.35, 1.25) * mm;
  return {
    kind,
    targetXPx: target.xPx + map.marginXPx,
    targetYPx: target.yPx + map.marginYPx,
    directionX: direction.xPx,
    directionY: direction.yPx,
    bendPerPx: random.chance(0.4) ? random.normal() * 0.0011 * view.mmPerPx * 4 : 0,
    lengthPx: 1.6 * Math.hypot(view.widthPx, view.heightPx),
    peakDb: random.between(16, 26),
    lobeRad: random.between(0.18, 0.5),
    lossLimitDb: random.between(7, 15),
    ringPx: Math.max(2, diameterPx * random.between(0.8, 1.5)),
    ringDecayDb: random.between(3.5, 9),
    ringCount: Math.floor(random.between(0, 6)),
    shadowDb: random.chance(0.6) ? random.between(0.5, 6) : 0,
    diameterPx,
    flareDb: random.between(1, 7),
    inPlane: planeShare(random, createSmoothNoise(random), kind, mm, view.heightPx),
  };
}

/** A place with at least a fifth of the image's height of shaft behind it inside the echo data. */
function chooseTarget(
  random: HeldoutRandom,
  view: HeldoutView,
  reaches: Reaches,
  direction: PlacePx,
): PlacePx {
  const { echo } = view;
  const backPx = 0.2 * view.heightPx;
  for (let attempt = 0; attempt < 50; attempt++) {
    const xPx = echo.xPx + echo.widthPx * random.between(0.22, 0.78);
    const yPx = echo.yPx + echo.heightPx * random.between(0.25, 0.78);
    const behindX = xPx - backPx * direction.xPx;
    const behindY = yPx - backPx * direction.yPx;
    const fits = isInEcho(view, xPx, yPx) && isInEcho(view, behindX, behindY);
    if (fits && reaches(xPx, yPx)) return { xPx, yPx };
  }
  return { xPx: view.apexXPx, yPx: echo.yPx + echo.heightPx / 2 };
}

function planeShare(
  random: HeldoutRandom,
  noise: SmoothNoise,
  kind: HeldoutNeedleKind,
  pxPerMm: number,
  heightPx: number,
): (fromTipPx: number, timeS: number) => number {
  const key = random.between(0, 60);
  const patchPx = random.between(3, 14) * pxPerMm;
  const wander = random.between(0.2, 0.9);
  if (kind === 'in-plane-visible-tip') {
    return (u, t) => {
      const patch = 0.15 + 0.9 * noise(key + u / patchPx, key + t * wander);
      return Math.min(1, patch + 0.6 * (1 - smoothStep(0, 0.12 * heightPx, u)));
    };
  }
  if (kind === 'in-plane-partial-shaft') {
    const bias = random.between(0.38, 0.55);
    return (u, t) =>
      smoothStep(bias - 0.1, bias + 0.15, noise(key + u / patchPx, key + t * wander * 0.5));
  }
  if (kind === 'in-plane-hidden-tip') {
    const hiddenPx = random.between(0.06, 0.25) * heightPx;
    const fadePx = random.between(1, 5) * pxPerMm;
    return (u, t) => {
      const edge = hiddenPx * (0.9 + 0.25 * noise(key, t * wander));
      return smoothStep(edge, edge + fadePx, u) * (0.55 + 0.5 * noise(key + u / patchPx, t));
    };
  }
  return (u, t) => (u < 0 ? 0 : smoothStep(0.2, 0.4, noise(key + t * wander, key)));
}
