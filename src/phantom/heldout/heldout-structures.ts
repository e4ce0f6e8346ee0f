import { at, type HeldoutRandom, type SmoothNoise, smoothStep } from './heldout-random.js';
import {
  ARTERY,
  BONE,
  type DepthCurve,
  FLUID,
  locate,
  NERVE,
  type TissueFill,
  type TissueMap,
  VEIN,
  type VesselPlace,
  visitDisc,
} from './heldout-tissue.js';

/** A place in tissue, mm. */
export interface PlaceMm {
  readonly lateralMm: number;
  readonly depthMm: number;
}

/** Muscle cut at an angle to its fibres: short bright strokes on a dark ground. */
export function muscleFill(random: HeldoutRandom, noise: SmoothNoise, label: number): TissueFill {
  const slope = random.between(-0.35, 0.35);
  const across = random.between(0.5, 1.1);
  const along = random.between(2.5, 9);
  const contrast = random.between(11, 20);
  const level = random.between(-15, -5);
  const phase = random.between(0, 60);
  return {
    label,
    lossDbPerMm: random.between(-0.02, 0.08),
    echoDb: (x, d) => {
      const bend = 1.6 * noise(phase + x * 0.06, phase + d * 0.06);
      const stroke = noise(phase + (x + d * slope) / along, (d - x * slope) / across + bend);
      const patch = noise(phase + x * 0.12, d * 0.12);
      return level + 9 * patch + contrast * smoothStep(0.55, 0.9, stroke);
    },
  };
}

/** Fat: darker, with curved bright septa. */
export function fatFill(random: HeldoutRandom, noise: SmoothNoise): TissueFill {
  const phase = random.between(0, 60);
  const septa = random.between(12, 22);
  const level = random.between(-14, -6);
  return {
    label: 0,
    lossDbPerMm: random.between(0, 0.08),
    echoDb: (x, d) => {
      const ridge = Math.abs(noise(phase + x * 0.16, phase + d * 0.6) - 0.5);
      return level + septa * (1 - smoothStep(0.005, 0.06, ridge)) + 3 * noise(x * 0.4, d * 0.8);
    },
  };
}

/** Gelatin or agar: nothing but scatterers, with slow unevenness. */
export function gelFill(random: HeldoutRandom, noise: SmoothNoise): TissueFill {
  const level = random.between(-7, 2);
  return {
    label: 0,
    lossDbPerMm: random.between(-0.03, 0.05),
    echoDb: (x, d) => level + 2.5 * (noise(x * 0.07, d * 0.07) - 0.5),
  };
}

/** A nerve: bright rim and bundles, or (a root) a dark oval with a bright rim. */
export function paintNerve(
  map: TissueMap,
  random: HeldoutRandom,
  place: PlaceMm,
  radiusXMm: number,
  radiusYMm: number,
  isRoot: boolean,
): void {
  const pitch = random.between(0.7, 1.15);
  const turn = random.between(-0.4, 0.4);
  const rim = random.between(5, 12);
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  visitDisc(map, place.lateralMm, place.depthMm, 1.4 * radiusXMm, (i, dx, dy) => {
    const u = cos * dx + sin * dy;
    const v = cos * dy - sin * dx;
    const radius = Math.hypot(u / radiusXMm, v / radiusYMm);
    if (radius > 1.12) return;
    if (radius > 1) {
      map.echoDb[i] = Math.max(at(map.echoDb, i), rim);
      return;
    }
    map.labels[i] = NERVE;
    if (isRoot) {
      map.echoDb[i] = radius > 0.8 ? rim : -12;
      return;
    }
    const row = Math.round(v / (pitch * 0.87));
    const shift = (row & 1) * 0.5;
    const column = Math.round(u / pitch - shift);
    const gapX = u - (column + shift) * pitch;
    const gapY = v - row * pitch * 0.87;
    const wobble = 0.3 + 0.1 * Math.sin(column * 2.7 + row * 4.1);
    map.echoDb[i] = Math.hypot(gapX, gapY) < wobble * pitch ? -7 : rim - 1;
  });
}

/** A vessel: dark lumen, wall brightest where the beam meets it head-on. */
export function paintVessel(
  map: TissueMap,
  isArtery: boolean,
  place: PlaceMm,
  radiusMm: number,
  flattening: number,
): VesselPlace {
  const wallMm = isArtery ? 0.45 : 0.25;
  const wallDb = isArtery ? 13 : 8;
  visitDisc(map, place.lateralMm, place.depthMm, radiusMm + 2 * wallMm, (i, dx, dy) => {
    const radius = Math.hypot(dx, dy / flattening);
    if (radius > radiusMm + wallMm) return;
    map.lossDbPerMm[i] = -0.35;
    if (radius > radiusMm) {
      const facing = Math.abs(dy) / (Math.hypot(dx, dy) + 1e-6);
      map.echoDb[i] = wallDb * facing ** 3 - 3;
    } else {
      map.echoDb[i] = -27;
      map.labels[i] = isArtery ? ARTERY : VEIN;
    }
  });
  const centre = locate(map, place.lateralMm, place.depthMm);
  return { isArtery, ...centre, radiusPx: radiusMm / map.mmPerPx };
}

/** Fluid without a wall of its own (a cyst, a bursa). */
export function paintFluid(
  map: TissueMap,
  noise: SmoothNoise,
  place: PlaceMm,
  radiusXMm: number,
  radiusYMm: number,
): void {
  visitDisc(map, place.lateralMm, place.depthMm, 1.3 * radiusXMm, (i, dx, dy) => {
    const wobble = 0.85 + 0.3 * noise(dx * 0.5 + 20, dy * 0.5 + 20);
    if (Math.hypot(dx / radiusXMm, dy / radiusYMm) > wobble) return;
    map.labels[i] = FLUID;
    map.echoDb[i] = -32;
    map.lossDbPerMm[i] = -0.4;
  });
}

/** Thickness of what is labelled bone: the surface's echo and a little below it, mm. */
const BONE_LABEL_MM = 2.5;

/** Bone between two lateral positions: a bright surface, nothing but shadow behind it. */
export function paintBone(
  map: TissueMap,
  surface: DepthCurve,
  fromMm: number,
  toMm: number,
  echoDb: number,
): void {
  for (let x = 0; x < map.widthPx; x++) {
    const lateral = at(map.lateralMm, x);
    if (lateral < fromMm || lateral > toMm) continue;
    const top = surface(lateral);
    const slope = (surface(lateral + 0.3) - surface(lateral - 0.3)) / 0.6;
    const facing = 1 / (1 + 2.5 * slope * slope);
    for (let y = 0, i = x; y < map.heightPx; y++, i += map.widthPx) {
      const below = at(map.depthMm, i) - top;
      if (below < 0) continue;
      map.labels[i] = below < BONE_LABEL_MM ? BONE : 0;
      map.lossDbPerMm[i] = below < 4 ? 7.5 : -0.15;
      map.echoDb[i] = below < 0.5 ? echoDb * facing : -6;
    }
  }
}
