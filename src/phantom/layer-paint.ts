import { curveDepthMm, type Layer, type Texture } from './anatomy.js';
import type { BeamGrid } from './beam-grid.js';
import { phantomLabel } from './phantom-classes.js';
import type { Random } from './random.js';
import { createNoise2d } from './smooth-noise.js';
import { lateralMm, splat, type TissueMaps } from './tissue-maps.js';

/** Paints the layers from the skin down, with their textures and strokes. */
export function paintLayers(
  layers: readonly Layer[],
  grid: BeamGrid,
  frequencyMHz: number,
  maps: TissueMaps,
  random: Random,
): void {
  let top = new Float32Array(grid.columns).fill(-1);
  layers.forEach((layer, index) => {
    const isLast = index === layers.length - 1;
    const bottom = new Float32Array(grid.columns);
    for (let column = 0; column < grid.columns; column++) {
      const depth = isLast ? 1e6 : curveDepthMm(layer.bottom, lateralMm(grid, column));
      bottom[column] = Math.max(top[column] as number, depth);
    }
    fillLayer(layer, top, bottom, grid, frequencyMHz, maps, random);
    drawStrokes(layer.texture, top, bottom, grid, maps, random);
    top = bottom;
  });
}

function fillLayer(
  layer: Layer,
  top: Float32Array,
  bottom: Float32Array,
  grid: BeamGrid,
  frequencyMHz: number,
  maps: TissueMaps,
  random: Random,
): void {
  const noise = createNoise2d(random);
  const { texture } = layer;
  const label = layer.tissue === 'muscle' ? phantomLabel('muscle') : 0;
  const lossDb = (2 * layer.attenuation * frequencyMHz * grid.rowMm) / 10;
  const cosine = Math.cos(texture.angleRad);
  const sine = Math.sin(texture.angleRad);
  const first = firstRow(top, grid);
  const last = lastRow(bottom, grid);
  for (let row = first; row < last; row++) {
    const depth = grid.firstRowMm + row * grid.rowMm;
    for (let column = 0; column < grid.columns; column++) {
      if (depth < (top[column] as number) || depth >= (bottom[column] as number)) continue;
      const cell = row * grid.columns + column;
      const x = lateralMm(grid, column);
      const along = (x * cosine + depth * sine) / texture.alongMm;
      const across = (depth * cosine - x * sine) / texture.acrossMm;
      const echoDb = layer.echoDb + texture.strengthDb * noise(along, across);
      maps.scatter[cell] = 10 ** (echoDb / 20);
      maps.lossDb[cell] = lossDb;
      maps.labels[cell] = label;
    }
  }
}

/** Septa and striae: short bright lines about the texture's direction. */
function drawStrokes(
  texture: Texture,
  top: Float32Array,
  bottom: Float32Array,
  grid: BeamGrid,
  maps: TissueMaps,
  random: Random,
): void {
  const first = firstRow(top, grid);
  const last = lastRow(bottom, grid);
  if (last <= first || texture.strokesPerCm2 === 0) return;
  const widthMm = lateralMm(grid, grid.columns - 1) - lateralMm(grid, 0);
  const heightMm = (last - first) * grid.rowMm;
  const count = Math.min(700, (texture.strokesPerCm2 * widthMm * heightMm) / 100);
  const stepMm = widthMm / (grid.columns - 1);
  for (let stroke = 0; stroke < count; stroke++) {
    const slope = Math.tan(texture.angleRad + 0.08 * random.gaussian());
    const curl = 0.02 * random.gaussian();
    const length = texture.strokeMm * random.range(0.4, 1.6);
    const level = 10 ** ((texture.strokeDb + random.range(-8, 3)) / 20);
    const columns = Math.max(1, Math.round(length / stepMm));
    const column0 = random.int(grid.columns) - (columns >> 1);
    const row0 = first + random.uniform() * (last - first);
    for (let step = 0; step < columns; step++) {
      const column = column0 + step;
      if (column < 0 || column >= grid.columns) continue;
      const along = (step - columns / 2) * stepMm;
      const row = row0 + (slope * along + curl * along * along) / grid.rowMm;
      const depth = grid.firstRowMm + row * grid.rowMm;
      if (depth < (top[column] as number) || depth > (bottom[column] as number)) continue;
      const share = (2 * step) / columns - 1;
      splat(maps.interfaces, grid, column, row, level * (1 - share * share));
    }
  }
}

function firstRow(top: Float32Array, grid: BeamGrid): number {
  let least = Number.POSITIVE_INFINITY;
  for (const depth of top) least = Math.min(least, depth);
  return Math.min(grid.rows, Math.max(0, Math.floor((least - grid.firstRowMm) / grid.rowMm)));
}

function lastRow(bottom: Float32Array, grid: BeamGrid): number {
  let most = 0;
  for (const depth of bottom) most = Math.max(most, depth);
  return Math.min(grid.rows, Math.max(0, Math.ceil((most - grid.firstRowMm) / grid.rowMm)));
}
