import { describe, expect, it } from 'vitest';
import { createBeamGrid } from '../../src/phantom/beam-grid.js';
import { createMaterial } from '../../src/phantom/material.js';
import { createRandom } from '../../src/phantom/random.js';

const GRID = createBeamGrid({
  geometry: 'linear',
  columns: 200,
  rows: 300,
  pitch: 0.2,
  firstColumn: -20,
  rowMm: 0.13,
  firstRowMm: 0,
  radiusMm: 0,
});
const CELLS = GRID.columns * GRID.rows;
const SPREAD = {
  axialSigmaMm: 0.16,
  lateralSigmaMm: 0.3,
  focusMm: 20,
  focusRangeMm: 20,
  elevationSigmaMm: 1,
};

function speckle(looks: number, phaseRad: number): Float32Array {
  const maps = {
    scatter: new Float32Array(CELLS).fill(1),
    interfaces: new Float32Array(CELLS),
    lossDb: new Float32Array(CELLS),
    labels: new Uint8Array(CELLS),
  };
  const options = { looks, changes: true, lines: new Float32Array(CELLS) };
  return createMaterial(maps, GRID, SPREAD, options, createRandom(21)).envelopeAt(phaseRad);
}

function signalToNoise(envelope: Float32Array): number {
  const mean = envelope.reduce((sum, value) => sum + value, 0) / envelope.length;
  const square = envelope.reduce((sum, value) => sum + value * value, 0) / envelope.length;
  return mean / Math.sqrt(square - mean * mean);
}

describe('createMaterial', () => {
  it('makes fully developed speckle: signal-to-noise 1.91 before compression', () => {
    expect(Math.abs(signalToNoise(speckle(1, 0)) - 1.91)).toBeLessThan(0.1);
    expect(Math.abs(signalToNoise(speckle(1, 0.7)) - 1.91)).toBeLessThan(0.1);
  });

  it('gains the square root of the looks in signal-to-noise', () => {
    const gain = signalToNoise(speckle(4, 0)) / signalToNoise(speckle(1, 0));
    expect(Math.abs(gain - 2)).toBeLessThan(0.15);
  });

  it('has unit mean power for unit scatterers', () => {
    const envelope = speckle(1, 0);
    const power = envelope.reduce((sum, value) => sum + value * value, 0) / envelope.length;
    expect(Math.abs(power - 1)).toBeLessThan(0.05);
  });

  it('turns into an independent pattern after a quarter turn', () => {
    const here = speckle(1, 0);
    const there = speckle(1, Math.PI / 2);
    const near = speckle(1, 0.2);
    expect(Math.abs(correlation(here, there))).toBeLessThan(0.05);
    expect(correlation(here, near)).toBeGreaterThan(0.9);
  });
});

function correlation(a: Float32Array, b: Float32Array): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let index = 0; index < a.length; index++) {
    const da = (a[index] ?? 0) - meanA;
    const db = (b[index] ?? 0) - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}
