import { curveDepthMm } from './anatomy.js';
import type { Artefact, Column, Gas, Septum, Wall } from './artefact.js';
import type { BeamGrid } from './beam-grid.js';
import { phantomLabel } from './phantom-classes.js';
import type { Random } from './random.js';
import { createNoise1d, smooth } from './smooth-noise.js';
import { lateralMm, splat, type TissueMaps } from './tissue-maps.js';

/** Paints one artefact over what is there. */
export function paintArtefact(
  artefact: Artefact,
  grid: BeamGrid,
  maps: TissueMaps,
  random: Random,
): void {
  if (artefact.kind === 'gas') paintGas(artefact, grid, maps, random);
  else if (artefact.kind === 'wall') paintWall(artefact, grid, maps, random);
  else if (artefact.kind === 'septum') paintSeptum(artefact, grid, maps, random);
  else paintColumn(artefact, grid, maps, random);
}

function paintGas(gas: Gas, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const noise = createNoise1d(random);
  const streak = createNoise1d(random);
  const level = 10 ** (gas.levelDb / 20);
  const haze = 10 ** (gas.hazeDb / 20);
  for (let column = 0; column < grid.columns; column++) {
    const x = lateralMm(grid, column);
    if (x < gas.fromXMm || x > gas.toXMm) continue;
    const ends = smooth(Math.min(x - gas.fromXMm, gas.toXMm - x) / 1.5);
    const depth = curveDepthMm(gas.curve, x) + 0.1 * noise(x / 1.7);
    const even = Math.max(0.1, 1 - gas.breakup * Math.max(0, 0.4 + noise(x / 2.5 + 31)));
    const first = Math.max(0, Math.round((depth - grid.firstRowMm) / grid.rowMm));
    const rays = Math.exp(0.35 * streak(x / 0.9));
    let tail = 0;
    for (const line of gas.bLines) {
      const offset = (x - line.xMm) / line.halfWidthMm;
      tail = Math.max(tail, 10 ** (line.levelDb / 20) * Math.exp(-offset * offset));
    }
    for (let row = first; row < grid.rows; row++) {
      const cell = row * grid.columns + column;
      const below = (row - first) * grid.rowMm;
      const murk = Math.max(haze * Math.exp(-below / gas.decayMm), tail) * rays;
      const tissue = maps.scatter[cell] as number;
      maps.scatter[cell] = tissue + (murk + 0.004 - tissue) * ends;
      maps.interfaces[cell] = (maps.interfaces[cell] as number) * (1 - ends);
      if (ends > 0.4) maps.labels[cell] = 0;
    }
    for (let repeat = 1; repeat <= gas.aLines + 1; repeat++) {
      const amplitude = level * ends * even * 10 ** ((-gas.aLineLossDb * (repeat - 1)) / 20);
      const row = (repeat * depth - grid.firstRowMm) / grid.rowMm;
      splat(maps.interfaces, grid, column, row, amplitude);
    }
  }
}

function paintWall(wall: Wall, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const noise = createNoise1d(random);
  const level = 10 ** (wall.levelDb / 20);
  const normal = Math.atan(wall.slope);
  for (let column = 0; column < grid.columns; column++) {
    const beamX = grid.beamX[column] as number;
    const beamZ = grid.beamZ[column] as number;
    const isLinear = grid.geometry === 'linear';
    const faceX = isLinear ? grid.firstColumn + column * grid.pitch : 0;
    const height = wall.zMm + grid.radiusMm + wall.slope * faceX;
    const depth = height / Math.max(0.1, beamZ - wall.slope * beamX) - grid.radiusMm;
    const x = faceX + (depth + grid.radiusMm) * beamX;
    if (x < wall.fromXMm || x > wall.toXMm) continue;
    const ends = smooth(Math.min(x - wall.fromXMm, wall.toXMm - x) / 1.5);
    const facing = Math.exp(-(((Math.atan2(beamX, beamZ) + normal) / 0.35) ** 2));
    const even = Math.max(0.1, 1 - wall.breakup * Math.max(0, 0.4 + noise(x / 4)));
    const first = (depth - grid.firstRowMm) / grid.rowMm;
    if (wall.behindDb !== null) {
      const behind = 10 ** (wall.behindDb / 20);
      for (let row = Math.max(0, Math.ceil(first)); row < grid.rows; row++) {
        const cell = row * grid.columns + column;
        const tissue = maps.scatter[cell] as number;
        maps.scatter[cell] = tissue + (behind - tissue) * ends;
        maps.interfaces[cell] = (maps.interfaces[cell] as number) * (1 - ends);
        maps.labels[cell] = 0;
      }
    }
    for (let repeat = 0; repeat < wall.repeats; repeat++) {
      const amplitude = level * (0.1 + 0.9 * facing) * even * ends * 0.45 ** repeat;
      splat(maps.interfaces, grid, column, first + (repeat * wall.gapMm) / grid.rowMm, amplitude);
    }
  }
}

/** Septa end at what is drawn for its own sake. */
const STRUCTURES = (['nerve', 'artery', 'vein', 'fluid'] as const).map(phantomLabel);

function paintSeptum(septum: Septum, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const noise = createNoise1d(random);
  const wander = createNoise1d(random);
  const cosine = Math.cos(septum.angleRad);
  const sine = Math.sin(septum.angleRad);
  const level = 10 ** (septum.levelDb / 20);
  const label = phantomLabel('fascia');
  const reach = 3 * septum.thicknessMm + 1;
  for (let cell = 0; cell < maps.scatter.length; cell++) {
    const dx = (grid.xMm[cell] as number) - septum.xMm;
    const dz = (grid.zMm[cell] as number) - septum.zMm;
    const share = (dx * cosine + dz * sine) / septum.halfLengthMm;
    if (share < -1 || share > 1) continue;
    const across = dz * cosine - dx * sine - septum.bowMm * (1 - share * share);
    if (across < -reach || across > reach) continue;
    const along = share * septum.halfLengthMm;
    const width = septum.thicknessMm * Math.max(0.4, 1 + 0.4 * noise(along / 3 + 17));
    const band = (across - 0.4 * septum.thicknessMm * wander(along / 1.8)) / width;
    if (band < -3 || band > 3) continue;
    if (STRUCTURES.includes(maps.labels[cell] as number)) continue;
    const even = Math.max(0.05, 1 - septum.breakup * Math.max(0, 0.4 + noise(along / 2.2)));
    const ends = smooth((1 - Math.abs(share)) * 2.5);
    const amplitude = level * even * ends * Math.exp(-0.5 * band * band);
    const tissue = maps.scatter[cell] as number;
    maps.scatter[cell] = Math.sqrt(tissue * tissue + amplitude * amplitude);
    const isLabelled = septum.isFascia && Math.abs(band) < 1.2 && ends * even > 0.3;
    if (isLabelled) maps.labels[cell] = label;
  }
}

/** A shadow of this loss hides what lies in it, and its labels. */
const HIDING_DB = 20;

function paintColumn(streak: Column, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const noise = createNoise1d(random);
  const phase = random.range(0, Math.PI);
  const echo = streak.echoDb === null ? 0 : 10 ** (streak.echoDb / 20);
  const first = Math.max(0, Math.round((streak.fromMm - grid.firstRowMm) / grid.rowMm));
  for (let column = 0; column < grid.columns; column++) {
    const offset = (lateralMm(grid, column) - streak.xMm) / streak.halfWidthMm;
    if (offset < -2.2 || offset > 2.2) continue;
    const profile = Math.exp(-offset * offset) * Math.max(0.5, 1 + 0.25 * noise(offset * 2));
    for (let row = first; row < grid.rows; row++) {
      const cell = row * grid.columns + column;
      const below = (row - first) * grid.rowMm;
      if (below < streak.onsetMm) {
        const lossDb = (streak.lossDb * profile * grid.rowMm) / streak.onsetMm;
        maps.lossDb[cell] = (maps.lossDb[cell] as number) + lossDb;
      } else if (streak.lossDb * profile > HIDING_DB) maps.labels[cell] = 0;
      if (echo === 0) continue;
      const wave =
        streak.periodMm === 0 ? 1 : Math.cos((Math.PI * below) / streak.periodMm + phase);
      const bars = 0.3 + 0.7 * wave * wave;
      const tail = echo * profile * bars * Math.exp(-below / streak.decayMm);
      maps.scatter[cell] = Math.max(maps.scatter[cell] as number, tail);
    }
  }
}
