import type { Random } from './random.js';

const LATTICE = 64;

/** Smooth noise along a line: zero mean, near unit variance, correlation length about one unit. */
export type Noise1d = (position: number) => number;
/** Smooth noise in the plane, as `Noise1d`. */
export type Noise2d = (x: number, y: number) => number;

/** Periodic lattice noise (64 units) with smoothstep interpolation. */
export function createNoise1d(random: Random): Noise1d {
  const lattice = new Float32Array(LATTICE);
  random.fillGaussian(lattice);
  return (position) => {
    const cell = Math.floor(position);
    const weight = smooth(position - cell);
    const left = lattice[cell & (LATTICE - 1)] as number;
    const right = lattice[(cell + 1) & (LATTICE - 1)] as number;
    return 1.15 * (left + (right - left) * weight);
  };
}

/** Periodic lattice noise (64 × 64 units) with smoothstep interpolation. */
export function createNoise2d(random: Random): Noise2d {
  const lattice = new Float32Array(LATTICE * LATTICE);
  random.fillGaussian(lattice);
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const wx = smooth(x - column);
    const wy = smooth(y - row);
    const c0 = column & (LATTICE - 1);
    const c1 = (column + 1) & (LATTICE - 1);
    const r0 = (row & (LATTICE - 1)) * LATTICE;
    const r1 = ((row + 1) & (LATTICE - 1)) * LATTICE;
    const upperLeft = lattice[r0 + c0] as number;
    const lowerLeft = lattice[r1 + c0] as number;
    const upper = upperLeft + ((lattice[r0 + c1] as number) - upperLeft) * wx;
    const lower = lowerLeft + ((lattice[r1 + c1] as number) - lowerLeft) * wx;
    return 1.35 * (upper + (lower - upper) * wy);
  };
}

/** Hermite step from 0 to 1 between 0 and 1; clamps outside. */
export function smooth(value: number): number {
  const clamped = value < 0 ? 0 : Math.min(value, 1);
  return clamped * clamped * (3 - 2 * clamped);
}
