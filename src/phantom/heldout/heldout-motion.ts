import { createSmoothNoise, type HeldoutRandom } from './heldout-random.js';
import type { TissueMap, VesselPlace } from './heldout-tissue.js';
import type { HeldoutView } from './heldout-view.js';

/** Where the tissue is at one moment, against where it was painted. Tissue pixels. */
export interface TissuePose {
  /** Image pixel (x, y) shows tissue pixel (x + marginX + slideX, y + marginY + slideY + …). */
  readonly slideXPx: number;
  readonly slideYPx: number;
  /** Extra displacement in y, per px of depth (breathing, probe pressure). */
  readonly squeeze: number;
  /** Rotation of the mixture of two independent speckle fields, rad (motion across the plane). */
  readonly speckleTurnRad: number;
  /** Relative growth of arteries, 0 at rest. */
  readonly pulse: number;
  /** Relative growth of veins (negative: collapsing under pressure or on inspiration). */
  readonly veinSwell: number;
}

/** Gives the pose at a time since the start, s. Times must not fall. */
export type TissueMotion = (timeS: number) => TissuePose;

/** Slides with pauses, breathing, pulse and slow motion across the plane. */
export function createTissueMotion(random: HeldoutRandom, map: TissueMap): TissueMotion {
  const noise = createSmoothNoise(random);
  const slides = random.chance(0.55);
  const slideMmS = slides ? random.between(1, 9) : random.between(0, 0.5);
  const turnRadS = random.chance(0.6) ? random.between(0.05, 0.4) : random.between(0.4, 2.2);
  const breathHz = random.between(0.18, 0.32);
  const breathPhase = random.between(0, 2 * Math.PI);
  const breath = random.between(0.002, 0.018);
  const pulseHz = random.between(0.9, 1.6);
  const pulsePhase = random.next();
  const pulseDepth = random.between(0.03, 0.1);
  const tremorPx = random.between(0.02, 0.12) / map.mmPerPx;
  const key = random.between(0, 50);
  const limitPx = map.marginXPx - 2;
  let slideMm = 0;
  let turn = random.between(0, 6);
  let before = 0;
  return (timeS) => {
    const stepS = timeS - before;
    before = timeS;
    const urge = 2.6 * (noise(key + timeS * 0.9, 3) - 0.5);
    const moving = Math.abs(urge) > 0.25 ? urge : 0;
    const slideLimitMm = limitPx * map.mmPerPx;
    slideMm = clamp(slideMm + moving * slideMmS * stepS, -slideLimitMm, slideLimitMm);
    turn += turnRadS * stepS * (0.15 + Math.abs(urge));
    const wave = (timeS * pulseHz + pulsePhase) % 1;
    const beat =
      wave < 0.18 ? Math.sin((Math.PI / 2) * (wave / 0.18)) : Math.exp(-3.2 * (wave - 0.18));
    const lung = Math.sin(2 * Math.PI * breathHz * timeS + breathPhase);
    return {
      slideXPx: slideMm / map.mmPerPx + tremorPx * (noise(key, timeS * 7) - 0.5),
      slideYPx: tremorPx * (noise(timeS * 6, key) - 0.5),
      squeeze: breath * lung + 0.02 * (noise(timeS * 0.7, key + 5) - 0.5),
      speckleTurnRad: turn,
      pulse: pulseDepth * beat,
      veinSwell: 0.14 * lung - 0.1 + 0.2 * (noise(timeS * 0.8, 40) - 0.5),
    };
  };
}

/** Node distance of the displacement grid, image px. */
export const GRID_STEP_PX = 16;

/** Displacement in tissue pixels at grid nodes over the image; rewritten every frame. */
export interface DisplacementGrid {
  readonly columns: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export function createDisplacementGrid(view: HeldoutView): DisplacementGrid {
  const columns = Math.ceil(view.widthPx / GRID_STEP_PX) + 2;
  const rows = Math.ceil(view.heightPx / GRID_STEP_PX) + 2;
  return {
    columns,
    rows,
    x: new Float32Array(columns * rows),
    y: new Float32Array(columns * rows),
  };
}

/** Tissue pulled along by the needle near its tip. Tissue pixels. */
export interface NeedleDrag {
  readonly tipXPx: number;
  readonly tipYPx: number;
  readonly dxPx: number;
  readonly dyPx: number;
  readonly reachPx: number;
}

/** Fills the grid for one pose: slides everywhere, vessels around themselves, drag at the tip. */
export function fillDisplacement(
  grid: DisplacementGrid,
  map: TissueMap,
  pose: TissuePose,
  vessels: readonly VesselPlace[],
  drag: NeedleDrag | null,
): void {
  for (let row = 0, i = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, i++) {
      const y = row * GRID_STEP_PX;
      const tissueX = column * GRID_STEP_PX + map.marginXPx + pose.slideXPx;
      const tissueY = y + map.marginYPx + pose.slideYPx + pose.squeeze * y;
      let dx = pose.slideXPx;
      let dy = pose.slideYPx + pose.squeeze * y;
      for (const vessel of vessels) {
        const growth = vessel.isArtery ? pose.pulse : pose.veinSwell;
        const ox = tissueX - vessel.xPx;
        const oy = tissueY - vessel.yPx;
        const reach = 2.2 * vessel.radiusPx + GRID_STEP_PX;
        const weight = Math.exp(-(ox * ox + oy * oy) / (reach * reach));
        dx -= vessel.isArtery ? growth * ox * weight : 0;
        dy -= growth * oy * weight;
      }
      if (drag !== null) {
        const ox = (tissueX - drag.tipXPx) / drag.reachPx;
        const oy = (tissueY - drag.tipYPx) / drag.reachPx;
        const weight = Math.exp(-(ox * ox + oy * oy));
        dx -= drag.dxPx * weight;
        dy -= drag.dyPx * weight;
      }
      grid.x[i] = dx;
      grid.y[i] = dy;
    }
  }
}

/** Inserted length of the needle as a function of time, mm against its start. */
export type InsertionMotion = (timeS: number) => number;

/** Advances, pauses, reciprocates and withdraws in turn; never further than `roomMm` either way. */
export function createInsertionMotion(random: HeldoutRandom, roomMm: number): InsertionMotion {
  const noise = createSmoothNoise(random);
  const tremorMm = random.between(0.02, 0.12);
  let position = 0;
  let before = 0;
  let speedMmS = 0;
  let strokeMm = 0;
  let strokeHz = 1;
  let until = 0;
  return (timeS) => {
    if (timeS >= until) {
      const choice = random.next();
      speedMmS = choice < 0.45 ? random.between(3, 16) : choice < 0.6 ? -random.between(3, 12) : 0;
      strokeMm = choice > 0.78 ? random.between(0.6, 2.2) : 0;
      strokeHz = random.between(1.2, 3);
      until = timeS + random.between(0.25, 0.9);
    }
    position = clamp(position + speedMmS * (timeS - before), -roomMm, roomMm);
    before = timeS;
    const stroke = strokeMm * Math.sin(2 * Math.PI * strokeHz * timeS);
    return position + stroke + tremorMm * (2 * noise(timeS * 10, 4) - 1);
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
