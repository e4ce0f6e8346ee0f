import {
  type AnatomyScript,
  type Body,
  type BodyPosition,
  type Bone,
  curveDepthMm,
  type LineEcho,
  locateInBody,
} from './anatomy.js';
import { paintArtefact } from './artefact-paint.js';
import { type BeamGrid, columnAt, columnMmAt, rowAt } from './beam-grid.js';
import { paintLayers } from './layer-paint.js';
import { phantomLabel } from './phantom-classes.js';
import { createRandom, type Random } from './random.js';
import { createNoise1d, createNoise2d, type Noise2d, smooth } from './smooth-noise.js';
import { lateralMm, splat, type TissueMaps } from './tissue-maps.js';

/** Paints an anatomy: layers, lines, bodies, then bone with what its shadow hides. */
export function paintAnatomy(
  anatomy: AnatomyScript,
  grid: BeamGrid,
  frequencyMHz: number,
): TissueMaps {
  const cells = grid.columns * grid.rows;
  const maps: TissueMaps = {
    scatter: new Float32Array(cells),
    interfaces: new Float32Array(cells),
    lossDb: new Float32Array(cells),
    labels: new Uint8Array(cells),
  };
  const random = createRandom(anatomy.seed);
  paintLayers(anatomy.layers, grid, frequencyMHz, maps, random.fork('layers'));
  for (const line of anatomy.lines) paintLine(line, grid, maps, random);
  const grain = createNoise2d(random.fork('grain'));
  for (const body of anatomy.bodies) paintBody(body, grid, frequencyMHz, maps, grain);
  const artefactRandom = random.fork('artefacts');
  for (const artefact of anatomy.artefacts) {
    if (artefact.kind !== 'column') paintArtefact(artefact, grid, maps, artefactRandom);
  }
  for (const bone of anatomy.bones) paintBone(bone, grid, maps, random);
  for (const artefact of anatomy.artefacts) {
    if (artefact.kind === 'column') paintArtefact(artefact, grid, maps, artefactRandom);
  }
  return maps;
}

function paintLine(line: LineEcho, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const noise = createNoise1d(random);
  const wander = createNoise1d(random);
  const label = phantomLabel('fascia');
  const level = 10 ** (line.levelDb / 20);
  const halfLabelMm = 0.35 + 0.3 * (line.sheets - 1);
  for (let column = 0; column < grid.columns; column++) {
    const x = lateralMm(grid, column);
    if (x < line.fromXMm || x > line.toXMm) continue;
    const depth = curveDepthMm(line.curve, x) + 0.12 * wander(x / 2.2);
    const slope = curveDepthMm(line.curve, x + 0.25) - curveDepthMm(line.curve, x - 0.25);
    const angle = Math.atan(2 * slope);
    const ends = Math.min(1, Math.min(x - line.fromXMm, line.toXMm - x) / 2);
    const even = Math.max(0.05, 1 - line.breakup * Math.max(0, 0.4 + noise(x / 3)));
    const amplitude = level * (0.12 + 0.88 * Math.exp(-((angle / 0.4) ** 2))) * even * ends;
    for (let sheet = 0; sheet < line.sheets; sheet++) {
      const gap = sheet * (0.55 + 0.15 * wander(x / 6 + 20));
      const share = line.isFascia ? 0.8 ** sheet : 0.5 ** sheet;
      splat(maps.interfaces, grid, column, rowOfDepth(grid, depth + gap), amplitude * share);
    }
    if (!line.isFascia || even < 0.25) continue;
    const first = Math.max(0, Math.ceil(rowOfDepth(grid, depth - halfLabelMm)));
    const last = Math.min(grid.rows - 1, Math.floor(rowOfDepth(grid, depth + halfLabelMm)));
    for (let row = first; row <= last; row++) maps.labels[row * grid.columns + column] = label;
  }
}

function rowOfDepth(grid: BeamGrid, depthMm: number): number {
  return (depthMm - grid.firstRowMm) / grid.rowMm;
}

function paintBody(
  body: Body,
  grid: BeamGrid,
  frequencyMHz: number,
  maps: TissueMaps,
  noise: Noise2d,
): void {
  const label = body.kind === 'lump' ? 0 : phantomLabel(body.kind);
  const scatter = 10 ** (body.echoDb / 20);
  const wall = 10 ** (body.wallDb / 20);
  const lossDb = (2 * body.attenuation * frequencyMHz * grid.rowMm) / 10;
  const position: BodyPosition = { scale: 0, signedMm: 0, normalX: 0, normalZ: 0 };
  const rect = bodyRect(body, grid);
  for (let row = rect.row0; row < rect.row1; row++) {
    for (let column = rect.column0; column < rect.column1; column++) {
      const cell = row * grid.columns + column;
      const x = grid.xMm[cell] as number;
      const z = grid.zMm[cell] as number;
      locateInBody(body, x, z, position);
      if (position.signedMm > 4 * body.wallMm) continue;
      const beamX = grid.beamX[column] as number;
      const beamZ = grid.beamZ[column] as number;
      const facing = Math.abs(position.normalX * beamX + position.normalZ * beamZ);
      const band = position.signedMm / body.wallMm;
      const rim = band < -1 ? 0 : wall * Math.exp(-0.5 * band * band) * (0.12 + 0.88 * facing ** 6);
      if (position.scale <= 1) {
        maps.scatter[cell] = scatter * fascicleGain(body, x, z) * grainGain(body, x, z, noise);
        maps.lossDb[cell] = lossDb;
        maps.labels[cell] = label;
        maps.interfaces[cell] = 0;
      }
      // Walls of vessels are mirror-like; a nerve's sheath also scatters.
      maps.interfaces[cell] = Math.max(maps.interfaces[cell] as number, 0.7 * rim);
      maps.scatter[cell] = Math.max(maps.scatter[cell] as number, 0.4 * rim);
    }
  }
}

function fascicleGain(body: Body, xMm: number, zMm: number): number {
  let gain = 1;
  for (const fascicle of body.fascicles) {
    const dx = xMm - fascicle.xMm;
    const dz = zMm - fascicle.zMm;
    const distance = Math.sqrt(dx * dx + dz * dz) / fascicle.radiusMm;
    if (distance < 1.15) {
      const edge = Math.min(1, (1.15 - distance) / 0.3);
      gain = Math.min(gain, 10 ** ((edge * fascicle.echoDb * 1.2) / 20));
    }
  }
  return gain;
}

function grainGain(body: Body, xMm: number, zMm: number, noise: Noise2d): number {
  if (body.grain === undefined) return 1;
  const { strengthDb, sizeMm } = body.grain;
  // Shifted by the body's place, so that no two bodies share their clouds.
  const echoDb = strengthDb * noise(xMm / sizeMm + body.zMm, zMm / sizeMm + body.xMm);
  return 10 ** (echoDb / 20);
}

function bodyRect(
  body: Body,
  grid: BeamGrid,
): { column0: number; column1: number; row0: number; row1: number } {
  const corner = (body.squareness ?? 2) > 2 ? Math.SQRT2 : 1;
  const reach = 1.35 * corner * Math.max(body.radiusXMm, body.radiusZMm) + 4 * body.wallMm;
  const row = rowAt(grid, body.xMm, body.zMm);
  const column = columnAt(grid, body.xMm, body.zMm);
  const rows = reach / grid.rowMm;
  const columns = reach / columnMmAt(grid, Math.max(0, row - rows));
  return {
    column0: Math.max(0, Math.floor(column - columns)),
    column1: Math.min(grid.columns, Math.ceil(column + columns) + 1),
    row0: Math.max(0, Math.floor(row - rows)),
    row1: Math.min(grid.rows, Math.ceil(row + rows) + 1),
  };
}

/**
 * Thickness of the labelled cortex, and depth within which the shadow reaches its full strength.
 */
const CORTEX_MM = 1.6;
const SHADOW_ONSET_MM = 2;
/** The surface's own echo has this thickness; the loss begins behind it. */
const ECHO_MM = 0.4;

function paintBone(bone: Bone, grid: BeamGrid, maps: TissueMaps, random: Random): void {
  const rough = createNoise1d(random);
  const label = phantomLabel('bone');
  const level = 10 ** (bone.levelDb / 20);
  for (let column = 0; column < grid.columns; column++) {
    const surfaceRow = boneRow(bone, grid, column, rough);
    if (surfaceRow === null) continue;
    const middle = Math.min(grid.rows - 1, Math.max(0, Math.round(surfaceRow)));
    const x = grid.xMm[middle * grid.columns + column] as number;
    const offset = (x - bone.xMm) / bone.arcMm;
    const normal = Math.atan(offset / Math.sqrt(Math.max(0.02, 1 - offset * offset)) + bone.slope);
    const beam = Math.atan2(grid.beamX[column] as number, grid.beamZ[column] as number);
    const facing = Math.exp(-(((normal - beam) / 0.6) ** 2));
    const uneven = Math.max(0.3, 1 + 0.3 * rough(x / 1.3 + 9));
    // Towards its ends a bone hides less of each beam, which is wider than a column.
    const rampMm = bone.edgeMm ?? Math.min(3, 0.4 * bone.halfWidthMm);
    const ends = smooth((boneReachMm(bone) - Math.abs(x - bone.xMm)) / rampMm);
    const lossDb = (shadowDbAt(bone, ends) * grid.rowMm) / SHADOW_ONSET_MM;
    splat(maps.interfaces, grid, column, surfaceRow, level * (0.1 + 0.9 * facing) * uneven * ends);
    for (let row = Math.max(0, middle); row < grid.rows; row++) {
      const cell = row * grid.columns + column;
      const below = (row - surfaceRow) * grid.rowMm;
      const tissueLossDb = maps.lossDb[cell] as number;
      const tissue = maps.scatter[cell] as number;
      maps.scatter[cell] = tissue + ((below < 0.6 ? 2.5 : 0.6) - tissue) * ends;
      const isOnset = below < ECHO_MM + SHADOW_ONSET_MM;
      if (below >= ECHO_MM) maps.lossDb[cell] = isOnset ? lossDb : (1 - ends) * tissueLossDb;
      if (ends < 0.4) continue;
      if (row > middle + 1) maps.interfaces[cell] = 0;
      maps.labels[cell] = below <= CORTEX_MM ? label : 0;
    }
  }
}

/** Two-way loss behind a bone, dB; `ends` is 0 at its sides and 1 in its middle. */
function shadowDbAt(bone: Bone, ends: number): number {
  if (bone.edgeMm !== undefined) return ends * bone.shadowDb;
  return -20 * Math.log10(1 - ends * (1 - 10 ** (-bone.shadowDb / 20)));
}

function boneReachMm(bone: Bone): number {
  return Math.min(bone.halfWidthMm, 0.97 * bone.arcMm);
}

/** Fractional row of the bone's surface in a column; null beside it. Searches down the beam. */
function boneRow(
  bone: Bone,
  grid: BeamGrid,
  column: number,
  rough: (position: number) => number,
): number | null {
  for (let row = 0; row < grid.rows; row++) {
    const cell = row * grid.columns + column;
    const dx = (grid.xMm[cell] as number) - bone.xMm;
    if (Math.abs(dx) > boneReachMm(bone)) continue;
    const sag = bone.arcMm - Math.sqrt(bone.arcMm * bone.arcMm - dx * dx);
    const surface = bone.zMm + sag + bone.slope * dx + bone.roughnessMm * rough(dx / 2.5);
    const excess = (grid.zMm[cell] as number) - surface;
    if (excess >= 0) return row === 0 ? 0 : row - Math.min(1, excess / grid.rowMm);
  }
  return null;
}
