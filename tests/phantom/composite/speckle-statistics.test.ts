import { describe, expect, it } from 'vitest';
import { measureSpeckle } from '../../../src/phantom/composite/speckle-statistics.js';
import {
  createSpeckleTile,
  readTile,
  TILE_PX,
} from '../../../src/phantom/composite/speckle-tile.js';
import type { StillCanvas } from '../../../src/phantom/composite/still-canvas.js';
import { createRandom } from '../../../src/phantom/random.js';

function speckledCanvas(lateralSigmaPx: number, axialSigmaPx: number): StillCanvas {
  const size = 160;
  const tile = createSpeckleTile(createRandom(3), lateralSigmaPx, axialSigmaPx);
  const gray = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) gray[y * size + x] = 90 + 20 * readTile(tile, x, y);
  }
  const marginPx = 8;
  const rows = size - 2 * marginPx;
  return {
    widthPx: size,
    heightPx: size,
    marginPx,
    gray,
    labels: new Uint8Array(size * size),
    from: new Int32Array(rows),
    to: new Int32Array(rows).fill(rows),
    echo: { xPx: 0, yPx: 0, widthPx: rows, heightPx: rows },
  };
}

describe('measureSpeckle', () => {
  it('recovers the axial resolution of a texture to a fifth', () => {
    for (const axial of [0.9, 1.2, 1.6]) {
      const { axialSigmaPx } = measureSpeckle(speckledCanvas(1.6 * axial, axial));
      expect(Math.abs(axialSigmaPx / axial - 1)).toBeLessThan(0.2);
    }
  });

  it('orders textures by their lateral resolution and bounds it by the axial one', () => {
    const fine = measureSpeckle(speckledCanvas(1, 1));
    const coarse = measureSpeckle(speckledCanvas(3, 1.2));
    expect(coarse.lateralSigmaPx).toBeGreaterThan(fine.lateralSigmaPx);
    expect(coarse.lateralSigmaPx).toBeLessThanOrEqual(1.8 * coarse.axialSigmaPx);
  });

  it('gives a deviation everywhere, also where the still is flat', () => {
    const canvas = speckledCanvas(2, 1.2);
    const random = createRandom(4);
    for (let y = 20; y < 150; y++) canvas.gray.fill(0, y * 160 + 20, y * 160 + 150);
    for (let spot = 0; spot < 60; spot++) {
      canvas.gray[(20 + random.int(130)) * 160 + 20 + random.int(130)] = random.logRange(1e-6, 255);
    }
    const { deviation } = measureSpeckle(canvas);
    expect(deviation.every((value) => value >= 0)).toBe(true);
  });

  it('measures levels and deviation', () => {
    const statistics = measureSpeckle(speckledCanvas(2, 1.2));
    expect(Math.abs(statistics.middleLevel - 90)).toBeLessThan(12);
    expect(Math.abs(statistics.typicalDeviation - 18)).toBeLessThan(6);
    expect(statistics.topLevel).toBeGreaterThanOrEqual(statistics.brightLevel);
  });
});

describe('createSpeckleTile', () => {
  it('has zero mean, unit deviation, and repeats', () => {
    const tile = createSpeckleTile(createRandom(8), 2, 1.2);
    let sum = 0;
    let squares = 0;
    for (const value of tile) {
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / tile.length)).toBeLessThan(0.01);
    expect(Math.abs(squares / tile.length - 1)).toBeLessThan(0.01);
    expect(readTile(tile, 3.5, 7.25)).toBeCloseTo(readTile(tile, 3.5 - TILE_PX, 7.25 + TILE_PX), 5);
  });
});
