import { createSmoothNoise, type HeldoutRandom, type SmoothNoise } from './heldout-random.js';
import type { HeldoutDistractor } from './heldout-stratum.js';
import {
  fatFill,
  gelFill,
  muscleFill,
  paintBone,
  paintFluid,
  paintNerve,
  paintVessel,
} from './heldout-structures.js';
import {
  createTissueMap,
  MUSCLE,
  paintBelow,
  paintSheet,
  type TissueMap,
  undulatingCurve,
  type VesselPlace,
} from './heldout-tissue.js';
import type { HeldoutView } from './heldout-view.js';

/** The held-out anatomies. None of them is a family of the training phantom. */
export type HeldoutAnatomy = 'forearm' | 'neck' | 'thigh' | 'gelatin' | 'spine';

/** A painted anatomy. */
export interface PaintedAnatomy {
  readonly name: HeldoutAnatomy;
  readonly map: TissueMap;
  readonly vessels: readonly VesselPlace[];
}

interface Painter {
  readonly map: TissueMap;
  readonly random: HeldoutRandom;
  readonly noise: SmoothNoise;
  /** Depth of the image, mm: families scale with it, as a sonographer chooses the depth. */
  readonly reachMm: number;
  /** Half the lateral extent that can be seen, mm. */
  readonly halfMm: number;
  readonly vessels: VesselPlace[];
}

/** Paints an anatomy that suits the probe and holds the wanted distractor. */
export function paintAnatomy(
  view: HeldoutView,
  random: HeldoutRandom,
  distractor: HeldoutDistractor | null,
): PaintedAnatomy {
  const map = createTissueMap(view);
  const name = chooseAnatomy(view, random, distractor);
  const painter: Painter = {
    map,
    random,
    noise: createSmoothNoise(random),
    reachMm: (view.outerRadiusPx - view.footprintRadiusPx) * view.mmPerPx,
    halfMm: (view.echo.widthPx / 2) * view.mmPerPx,
    vessels: [],
  };
  paintSkinAndFat(painter, name);
  if (name === 'forearm') paintForearm(painter);
  if (name === 'neck') paintNeck(painter);
  if (name === 'thigh') paintThigh(painter);
  if (name === 'gelatin') paintGelatin(painter);
  if (name === 'spine') paintSpine(painter);
  if (distractor === 'fascia') paintExtraSheets(painter);
  return { name, map, vessels: painter.vessels };
}

function chooseAnatomy(
  view: HeldoutView,
  random: HeldoutRandom,
  distractor: HeldoutDistractor | null,
): HeldoutAnatomy {
  if (distractor === 'bone-edge') return view.probe === 'curvilinear' ? 'spine' : 'forearm';
  if (distractor === 'vessel-wall') return random.pick(['neck', 'thigh']);
  return view.probe === 'curvilinear'
    ? random.pick(['spine', 'thigh', 'gelatin', 'thigh'])
    : random.pick(['forearm', 'neck', 'thigh', 'gelatin']);
}

function paintSkinAndFat(painter: Painter, name: HeldoutAnatomy): void {
  const { map, random, noise } = painter;
  const skin = name === 'gelatin' ? gelFill(random, noise) : fatFill(random, noise);
  paintBelow(map, () => -1e3, skin);
  if (name === 'gelatin') return;
  const skinMm = random.between(0.8, 2);
  paintSheet(
    map,
    () => skinMm / 2,
    skinMm,
    random.between(2, 8),
    () => 0.3,
  );
}

/** A sheet with random gaps. */
function sheet(
  painter: Painter,
  depthMm: number,
  waveMm: number,
  echoDb: number,
): (lateralMm: number) => number {
  const { map, random, noise } = painter;
  const curve = undulatingCurve(random, noise, depthMm, waveMm, random.between(-0.09, 0.09));
  const phase = random.between(0, 90);
  paintSheet(map, curve, random.between(0.35, 0.9), echoDb, (x) =>
    Math.min(1, 2.6 * noise(phase + x * 0.12, phase)),
  );
  return curve;
}

function muscleLayer(painter: Painter, depthMm: number, waveMm: number): void {
  const { map, random, noise } = painter;
  const top = sheet(painter, depthMm, waveMm, -5);
  paintBelow(map, top, muscleFill(random, noise, MUSCLE));
  paintSheet(map, top, random.between(0.35, 0.8), random.between(7, 14), (x) =>
    Math.min(1, 0.25 + 1.6 * noise(x * 0.1 + 7, depthMm)),
  );
}

function paintForearm(painter: Painter): void {
  const { random, reachMm, halfMm, map, noise, vessels } = painter;
  muscleLayer(painter, random.between(0.08, 0.16) * reachMm, 0.6);
  muscleLayer(painter, random.between(0.32, 0.45) * reachMm, 1.2);
  const depthMm = random.between(0.3, 0.48) * reachMm;
  const side = random.chance(0.5) ? 1 : -1;
  const radius = Math.min(0.07 * reachMm, random.between(1.6, 2.6));
  const nerve = { lateralMm: random.between(-0.3, 0.3) * halfMm, depthMm };
  paintNerve(map, random, nerve, radius * random.between(1.2, 1.8), radius, false);
  const arteryX = nerve.lateralMm + side * radius * random.between(3, 5);
  const artery = { lateralMm: arteryX, depthMm: depthMm + random.between(-2, 2) };
  vessels.push(paintVessel(map, true, artery, random.between(0.8, 1.5), 1));
  for (const offset of [-2.4, 2.4]) {
    if (random.chance(0.35)) continue;
    const place = { lateralMm: arteryX + offset, depthMm: artery.depthMm + 0.4 };
    vessels.push(paintVessel(map, false, place, random.between(0.5, 0.9), 0.7));
  }
  const bone = undulatingCurve(random, noise, random.between(0.68, 0.8) * reachMm, 0.5, 0);
  const middle = -side * random.between(0.1, 0.5) * halfMm;
  const half = random.between(4, 9);
  const dome = (x: number): number => bone(x) + ((x - middle) / half) ** 2 * half * 0.4;
  paintBone(map, dome, middle - half, middle + half, random.between(14, 22));
}

function paintNeck(painter: Painter): void {
  const { random, reachMm, halfMm, map, vessels } = painter;
  muscleLayer(painter, random.between(0.06, 0.14) * reachMm, 0.8);
  muscleLayer(painter, random.between(0.4, 0.55) * reachMm, 1.6);
  const side = random.chance(0.5) ? 1 : -1;
  const radius = Math.min(random.between(2.6, 4.2), 0.13 * reachMm);
  const carotid = {
    lateralMm: side * random.between(0.25, 0.55) * halfMm,
    depthMm: random.between(0.42, 0.58) * reachMm,
  };
  vessels.push(paintVessel(map, true, carotid, radius, 1));
  const jugular = {
    lateralMm: carotid.lateralMm - side * radius * random.between(1.4, 2.2),
    depthMm: carotid.depthMm - radius * random.between(0.8, 1.5),
  };
  vessels.push(paintVessel(map, false, jugular, radius * 1.25, random.between(0.35, 0.75)));
  const roots = 2 + Math.floor(random.next() * 3);
  for (let k = 0; k < roots; k++) {
    const root = {
      lateralMm: -side * (random.between(0.1, 0.3) * halfMm + k * 1.2),
      depthMm: (0.28 + 0.13 * k) * reachMm,
    };
    const size = Math.min(random.between(1.2, 2.3), 0.055 * reachMm);
    paintNerve(map, random, root, size * 1.25, size, true);
  }
}

function paintThigh(painter: Painter): void {
  const { random, reachMm, halfMm, map, vessels } = painter;
  sheet(painter, random.between(0.1, 0.2) * reachMm, 0.8, 6);
  const lataMm = random.between(0.22, 0.32) * reachMm;
  muscleLayer(painter, lataMm, 1.4);
  sheet(painter, lataMm + random.between(2, 5), 1.8, random.between(8, 13));
  if (random.chance(0.6)) muscleLayer(painter, random.between(0.62, 0.8) * reachMm, 2.5);
  const side = random.chance(0.5) ? 1 : -1;
  const radius = Math.min(random.between(3, 4.8), 0.11 * reachMm);
  const artery = {
    lateralMm: side * random.between(0.05, 0.35) * halfMm,
    depthMm: random.between(0.42, 0.55) * reachMm,
  };
  vessels.push(paintVessel(map, true, artery, radius, 1));
  const vein = {
    lateralMm: artery.lateralMm + side * radius * random.between(1.9, 2.3),
    depthMm: artery.depthMm + random.between(0, 2),
  };
  vessels.push(paintVessel(map, false, vein, radius, random.between(0.5, 0.85)));
  const nerve = {
    lateralMm: artery.lateralMm - side * radius * random.between(2, 2.8),
    depthMm: artery.depthMm - random.between(-1, 1.5),
  };
  const height = Math.min(random.between(1.4, 2.6), 0.06 * reachMm);
  paintNerve(map, random, nerve, height * random.between(1.6, 2.6), height, false);
}

function paintGelatin(painter: Painter): void {
  const { random, reachMm, halfMm, map, noise } = painter;
  const membranes = 1 + Math.floor(random.next() * 3);
  for (let k = 0; k < membranes; k++) {
    sheet(painter, random.between(0.08, 0.85) * reachMm, 0.4, random.between(10, 20));
  }
  const targets = Math.floor(random.next() * 4);
  for (let k = 0; k < targets; k++) {
    const place = {
      lateralMm: random.between(-0.8, 0.8) * halfMm,
      depthMm: random.between(0.25, 0.85) * reachMm,
    };
    const size = random.between(0.03, 0.09) * reachMm;
    if (random.chance(0.5)) paintFluid(map, noise, place, size, size * random.between(0.7, 1));
    else paintNerve(map, random, place, size, size * 0.9, random.chance(0.5));
  }
}

function paintSpine(painter: Painter): void {
  const { random, reachMm, halfMm, map, noise } = painter;
  muscleLayer(painter, random.between(0.1, 0.18) * reachMm, 1.5);
  sheet(painter, random.between(0.25, 0.35) * reachMm, 2, 8);
  const laminaMm = random.between(0.42, 0.6) * reachMm;
  const pitch = random.between(0.45, 0.7) * halfMm;
  const offset = random.between(-0.3, 0.3) * halfMm;
  for (let k = -2; k <= 2; k++) {
    const middle = offset + k * pitch;
    const half = pitch * random.between(0.26, 0.38);
    const tilt = random.between(-0.35, 0.35);
    const base = laminaMm + random.between(-2, 2);
    const dome = (x: number): number =>
      base + tilt * (x - middle) + ((x - middle) / half) ** 2 * 2.2 + 0.5 * noise(x * 0.8, k + 9);
    paintBone(map, dome, middle - half, middle + half, random.between(13, 21));
  }
  sheet(painter, laminaMm + random.between(6, 9), 0.8, 10);
}

/** More and brighter sheets, some steep: what a needle detector is most often fooled by. */
function paintExtraSheets(painter: Painter): void {
  const { map, random, noise, reachMm } = painter;
  for (let k = 0; k < 3; k++) {
    const tilt = random.between(-0.5, 0.5);
    const depthMm = random.between(0.2, 0.8) * reachMm;
    const curve = undulatingCurve(random, noise, depthMm, 1, tilt);
    const phase = random.between(0, 50);
    paintSheet(map, curve, random.between(0.3, 0.7), random.between(10, 17), (x) =>
      Math.min(1, 2.2 * noise(phase + x * 0.1, phase)),
    );
  }
}
