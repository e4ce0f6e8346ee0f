import type { Random } from '../random.js';

/** Side of a tile, px; a power of two, because tiles repeat. */
export const TILE_PX = 128;

/**
 * Fully developed speckle with a given point spread, repeating every `TILE_PX`: the envelope's
 * logarithm against its mean, in units of Rayleigh speckle's own deviation (zero mean, unit
 * deviation). Scaled by a still's deviation it is texture like the still's.
 */
export function createSpeckleTile(
  random: Random,
  lateralSigmaPx: number,
  axialSigmaPx: number,
): Float32Array {
  const re = new Float32Array(TILE_PX * TILE_PX);
  const im = new Float32Array(TILE_PX * TILE_PX);
  random.fillGaussian(re);
  random.fillGaussian(im);
  const lateral = taps(lateralSigmaPx);
  const axial = taps(axialSigmaPx);
  const tile = new Float32Array(TILE_PX * TILE_PX);
  const reSpread = spread(re, lateral, axial);
  const imSpread = spread(im, lateral, axial);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < tile.length; i++) {
    const level = Math.log(Math.hypot(reSpread[i] as number, imSpread[i] as number) + 1e-3);
    tile[i] = level;
    sum += level;
    squares += level * level;
  }
  const mean = sum / tile.length;
  const scale = 1 / Math.sqrt(squares / tile.length - mean * mean);
  for (let i = 0; i < tile.length; i++) tile[i] = ((tile[i] as number) - mean) * scale;
  return tile;
}

/** A tile's value at a sub-pixel position, anywhere. */
export function readTile(tile: Float32Array, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const mask = TILE_PX - 1;
  const top = (row & mask) * TILE_PX;
  const low = ((row + 1) & mask) * TILE_PX;
  const left = column & mask;
  const right = (column + 1) & mask;
  const upper = (tile[top + left] as number) * (1 - fx) + (tile[top + right] as number) * fx;
  const lower = (tile[low + left] as number) * (1 - fx) + (tile[low + right] as number) * fx;
  return upper * (1 - fy) + lower * fy;
}

function taps(sigma: number): Float32Array {
  const radius = Math.ceil(2.6 * sigma);
  const values = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let k = -radius; k <= radius; k++) {
    const value = Math.exp((-0.5 * k * k) / (sigma * sigma));
    values[k + radius] = value;
    sum += value;
  }
  for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) / sum;
  return values;
}

/** Separable circular convolution. */
function spread(field: Float32Array, lateral: Float32Array, axial: Float32Array): Float32Array {
  const half = new Float32Array(field.length);
  const full = new Float32Array(field.length);
  const mask = TILE_PX - 1;
  const reachX = (lateral.length - 1) >> 1;
  const reachY = (axial.length - 1) >> 1;
  for (let y = 0; y < TILE_PX; y++) {
    for (let x = 0; x < TILE_PX; x++) {
      let sum = 0;
      for (let k = 0; k < lateral.length; k++) {
        sum += (lateral[k] as number) * (field[y * TILE_PX + ((x + k - reachX) & mask)] as number);
      }
      half[y * TILE_PX + x] = sum;
    }
  }
  for (let y = 0; y < TILE_PX; y++) {
    for (let x = 0; x < TILE_PX; x++) {
      let sum = 0;
      for (let k = 0; k < axial.length; k++) {
        sum += (axial[k] as number) * (half[((y + k - reachY) & mask) * TILE_PX + x] as number);
      }
      full[y * TILE_PX + x] = sum;
    }
  }
  return full;
}
