import { type BeamGrid, columnAt, columnMmAt, depthAlongBeamMm, rowAt } from './beam-grid.js';
import { type CellRect, clipToGrid, hullOf, rectAround, uniteRects } from './cell-rect.js';
import type { NeedlePose } from './motion.js';
import type { NearWall, NeedleAppearance } from './needle.js';
import { lateralSigmaMmAt, type PointSpread } from './point-spread.js';
import { createRandom } from './random.js';
import {
  computeProfile,
  type ShaftProfile,
  STEP_MM,
  STEPS_MAX,
  tipLevel,
} from './shaft-profile.js';
import { createNoise1d } from './smooth-noise.js';

/**
 * Draws one needle's echo, envelope domain, amplitude 1 = the mean echo of muscle.
 *
 * `render` adds into `target` (one value a cell of the grid, zero in the rectangle that it touches:
 * reverberation copies what is above it) and returns that rectangle, or null when the needle lies
 * outside the grid. Combine with tissue by power, √(tissue² + needle²), before attenuation; draw
 * shadow with `shadeShaft`. Works in beam space and, with `createCartesianGrid`, on images.
 */
export interface NeedleEcho {
  render(target: Float32Array, pose: NeedlePose): CellRect | null;
  /** Adds the loss under the shaft, dB, to a per-cell loss that is later summed along the beams. */
  shadeShaft(lossDb: Float32Array, pose: NeedlePose): void;
  /** The shaft of the last `render`; empty for an out-of-plane needle. */
  readonly profile: ShaftProfile;
  /** Peak amplitude at the tip (or dot) of the last `render`. */
  tipAmplitude(): number;
}

const TABLE = createGaussianTable();

/** Prepares the drawing of one needle on one grid. */
export function createNeedleEcho(
  appearance: NeedleAppearance,
  grid: BeamGrid,
  spread: PointSpread,
): NeedleEcho {
  const random = createRandom(appearance.seed);
  const gate = createNoise1d(random);
  const fine = createNoise1d(random);
  const amplitude = new Float32Array(STEPS_MAX);
  const sigmaMm = new Float32Array(STEPS_MAX);
  const profile = { count: 0, stepMm: STEP_MM, amplitude, sigmaMm };
  let tip = 0;
  return {
    profile,
    tipAmplitude: () => tip,
    shadeShaft: (lossDb, pose) => shadeShaft(lossDb, grid, pose, appearance.shadowDb),
    render: (target, pose) => {
      profile.count = 0;
      tip = tipLevel(appearance, grid, spread, pose);
      const rects: (CellRect | null)[] = [];
      if (pose.approach === 'in-plane') {
        profile.count = computeProfile(profile, { appearance, grid, spread, pose, gate, fine });
        rects.push(drawShaft(target, grid, pose, profile, 1));
        for (const wall of appearance.nearWalls) {
          rects.push(drawNearWall(target, grid, pose, profile, wall));
        }
      }
      rects.push(...drawTip(target, { appearance, grid, spread, pose, tip }));
      const rect = uniteRects(rects);
      if (rect === null || appearance.reverbDecay === 0) return rect;
      return reverberate(target, grid, rect, appearance);
    },
  };
}

/** The shaft once more, nearer to the probe by a part of its diameter, and fainter. */
function drawNearWall(
  target: Float32Array,
  grid: BeamGrid,
  pose: NeedlePose,
  profile: ShaftProfile,
  wall: NearWall,
): CellRect | null {
  const entryZMm = pose.entryZMm - wall.aboveMm;
  return drawShaft(target, grid, { ...pose, entryZMm }, profile, 10 ** (wall.levelDb / 20));
}

function drawShaft(
  target: Float32Array,
  grid: BeamGrid,
  pose: NeedlePose,
  profile: ShaftProfile,
  gain: number,
): CellRect | null {
  const rect = shaftRect(grid, pose, profile);
  if (rect === null) return null;
  const { columns, xMm, zMm } = grid;
  const deeper = pose.directionX >= 0 ? 1 : -1;
  const last = profile.count - 1;
  for (let row = rect.row0; row < rect.row1; row++) {
    for (let column = rect.column0; column < rect.column1; column++) {
      const cell = row * columns + column;
      const dx = (xMm[cell] as number) - pose.entryXMm;
      const dz = (zMm[cell] as number) - pose.entryZMm;
      const along = dx * pose.directionX + dz * pose.directionZ;
      if (along < 0 || along > pose.lengthMm + 1) continue;
      const share = along / pose.lengthMm;
      const bow = 4 * pose.bowMm * share * (1 - share);
      const across = deeper * (dz * pose.directionX - dx * pose.directionZ) - bow;
      const step = Math.min(last, Math.round(along / STEP_MM));
      const sigma = (profile.sigmaMm[step] as number) * (across < 0 ? 0.75 : 1.1);
      let distance = (across * across) / (sigma * sigma);
      if (along > pose.lengthMm) {
        const beyond = (along - pose.lengthMm) / Math.max(0.15, sigma);
        distance += beyond * beyond;
      }
      if (distance >= 12) continue;
      const value = gain * (profile.amplitude[step] as number) * gaussian(distance);
      target[cell] = (target[cell] as number) + value;
    }
  }
  return rect;
}

function shaftRect(grid: BeamGrid, pose: NeedlePose, profile: ShaftProfile): CellRect | null {
  let rect: CellRect | null = null;
  const pieces = 8;
  for (let piece = 0; piece <= pieces; piece++) {
    const along = (pose.lengthMm * piece) / pieces;
    const x = pose.entryXMm + pose.directionX * along;
    const z = pose.entryZMm + pose.directionZ * along;
    const step = Math.min(profile.count - 1, Math.round(along / STEP_MM));
    const marginMm = 3.6 * (profile.sigmaMm[step] as number) + Math.abs(pose.bowMm) + 0.5;
    const point = rectAround(grid, x, z, marginMm, marginMm);
    rect = rect === null ? point : hullOf(rect, point);
  }
  return rect === null ? null : clipToGrid(grid, rect);
}

interface TipInput {
  readonly appearance: NeedleAppearance;
  readonly grid: BeamGrid;
  readonly spread: PointSpread;
  readonly pose: NeedlePose;
  readonly tip: number;
}

/** Bevel (two spots), side lobes and comet tail; for an out-of-plane needle the dot. */
function drawTip(target: Float32Array, input: TipInput): (CellRect | null)[] {
  const { appearance, grid, spread, pose, tip } = input;
  if (tip < 0.05) return [];
  const depth = Math.max(0, depthAlongBeamMm(grid, pose.tipXMm, pose.tipZMm));
  const { sharpness } = appearance;
  const beamMm = Math.sqrt(sharpness) * lateralSigmaMmAt(spread, depth);
  const lateralMm = 0.85 * beamMm + 0.1 * appearance.diameterMm;
  const axialMm = sharpness * spread.axialSigmaMm + 0.15 * appearance.diameterMm;
  const spot = {
    xMm: pose.tipXMm,
    zMm: pose.tipZMm,
    lateralMm,
    axialMm,
    tailMm: 0,
  };
  const rects = [drawSpot(target, grid, spot, tip)];
  if (appearance.cometMm > 0) {
    const comet = { ...spot, lateralMm: 0.7 * lateralMm, tailMm: appearance.cometMm };
    rects.push(drawSpot(target, grid, comet, 0.3 * tip));
  }
  if (pose.approach === 'in-plane') {
    const back = {
      ...spot,
      xMm: pose.tipXMm - pose.directionX * appearance.bevelMm,
      zMm: pose.tipZMm - pose.directionZ * appearance.bevelMm,
    };
    rects.push(drawSpot(target, grid, back, 0.7 * tip));
  }
  if (appearance.sideLobe !== null) {
    const wide = { ...spot, lateralMm: appearance.sideLobe.widthMm };
    rects.push(drawSpot(target, grid, wide, tip * 10 ** (appearance.sideLobe.levelDb / 20)));
  }
  return rects;
}

interface Spot {
  readonly xMm: number;
  readonly zMm: number;
  readonly lateralMm: number;
  readonly axialMm: number;
  readonly tailMm: number;
}

/** A Gaussian spot along the grid's own axes, so that on curvilinear grids side lobes are arcs. */
function drawSpot(
  target: Float32Array,
  grid: BeamGrid,
  spot: Spot,
  amplitude: number,
): CellRect | null {
  const column = columnAt(grid, spot.xMm, spot.zMm);
  const row = rowAt(grid, spot.xMm, spot.zMm);
  const lateral = spot.lateralMm / columnMmAt(grid, row);
  const axial = spot.axialMm / grid.rowMm;
  const tail = Math.max(axial, spot.tailMm / grid.rowMm / 2);
  const rect = clipToGrid(grid, {
    column0: Math.floor(column - 3.4 * lateral),
    column1: Math.ceil(column + 3.4 * lateral) + 1,
    row0: Math.floor(row - 3.4 * axial),
    row1: Math.ceil(row + 3.4 * tail) + 1,
  });
  if (rect === null) return null;
  for (let r = rect.row0; r < rect.row1; r++) {
    const down = (r - row) / (r > row ? tail : axial);
    for (let c = rect.column0; c < rect.column1; c++) {
      const aside = (c - column) / lateral;
      const cell = r * grid.columns + c;
      const value = amplitude * gaussian(down * down + aside * aside);
      target[cell] = (target[cell] as number) + value;
    }
  }
  return rect;
}

/** Adds ever fainter, ever softer copies further along the beams, in place. */
function reverberate(
  target: Float32Array,
  grid: BeamGrid,
  rect: CellRect,
  appearance: NeedleAppearance,
): CellRect {
  const shift = Math.max(1, appearance.reverbMm / grid.rowMm);
  const whole = Math.floor(shift);
  const near = appearance.reverbDecay * (1 - (shift - whole));
  const far = appearance.reverbDecay * (shift - whole);
  const copies = Math.min(6, Math.ceil(Math.log(0.03) / Math.log(appearance.reverbDecay)));
  const row1 = Math.min(grid.rows, rect.row1 + Math.ceil(copies * shift));
  const { columns } = grid;
  for (let row = rect.row0 + whole + 1; row < row1; row++) {
    const from = (row - whole) * columns;
    for (let column = rect.column0; column < rect.column1; column++) {
      const cell = row * columns + column;
      target[cell] =
        (target[cell] as number) +
        near * (target[from + column] as number) +
        far * (target[from - columns + column] as number);
    }
  }
  return { ...rect, row1 };
}

function shadeShaft(
  lossDb: Float32Array,
  grid: BeamGrid,
  pose: NeedlePose,
  shadowDb: number,
): void {
  if (shadowDb <= 0) return;
  let previous = -1;
  for (let along = 0; along <= pose.lengthMm; along += 0.1) {
    if (pose.approach === 'out-of-plane' && along < pose.lengthMm - 0.8) continue;
    const x = pose.entryXMm + pose.directionX * along;
    const z = pose.entryZMm + pose.directionZ * along;
    const column = Math.round(columnAt(grid, x, z));
    const row = Math.ceil(rowAt(grid, x, z)) + 1;
    if (column === previous || column < 0 || column >= grid.columns) continue;
    if (row < 0 || row >= grid.rows) continue;
    previous = column;
    const cell = row * grid.columns + column;
    lossDb[cell] = (lossDb[cell] as number) + shadowDb;
  }
}

/** exp(−d/2) for squared normalised distances below 12. */
function gaussian(squaredDistance: number): number {
  return squaredDistance >= 12 ? 0 : (TABLE[(squaredDistance * 64) | 0] as number);
}

function createGaussianTable(): Float32Array {
  const table = new Float32Array(12 * 64 + 1);
  for (let index = 0; index < table.length; index++) table[index] = Math.exp(-index / 128);
  return table;
}
