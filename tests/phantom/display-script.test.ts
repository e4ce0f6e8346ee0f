import { describe, expect, it } from 'vitest';
import { createBeamGrid } from '../../src/phantom/beam-grid.js';
import { createGrayMap, drawDisplay } from '../../src/phantom/display-script.js';
import { createImageFilter } from '../../src/phantom/image-filter.js';
import { createRandom } from '../../src/phantom/random.js';
import { plainScene } from './scene-fixtures.js';

const PLAIN = plainScene({}).display ?? drawDisplay(createRandom(1));

describe('createGrayMap', () => {
  it('never falls, and reaches from black to white, for every drawn display', () => {
    for (let seed = 0; seed < 300; seed++) {
      const map = createGrayMap(drawDisplay(createRandom(seed)));
      expect(map[0]).toBe(0);
      expect(map[255]).toBe(255);
      for (let level = 1; level < 256; level++) {
        expect(map[level]).toBeGreaterThanOrEqual(map[level - 1] ?? 0);
      }
    }
  });

  it('shows weak echoes black, strong ones white, and as many grays as asked for', () => {
    const map = createGrayMap({ ...PLAIN, blackShare: 0.2, whiteShare: 0.8, grayLevels: 9 });
    expect(map[50]).toBe(0);
    expect(map[206]).toBe(255);
    expect(new Set(map).size).toBe(9);
  });
});

describe('createImageFilter', () => {
  const grid = createBeamGrid({
    geometry: 'linear',
    columns: 40,
    rows: 40,
    pitch: 0.2,
    firstColumn: -4,
    rowMm: 0.2,
    firstRowMm: 0,
    radiusMm: 0,
  });

  /** Speckle on a dark left and a bright right half. */
  function speckled(): Float32Array {
    const levels = new Float32Array(1600);
    createRandom(3).fillGaussian(levels);
    return levels.map((value, cell) => (cell % 40 < 20 ? 50 : 190) + 9 * value);
  }

  function deviation(levels: Float32Array, from: number, to: number): number {
    let sum = 0;
    let power = 0;
    let count = 0;
    for (let cell = 0; cell < 1600; cell++) {
      const column = cell % 40;
      if (column < from || column >= to) continue;
      const level = levels[cell] ?? 0;
      sum += level;
      power += level * level;
      count++;
    }
    return Math.sqrt(power / count - (sum / count) ** 2);
  }

  it('calms speckle and keeps edges when it despeckles', () => {
    const levels = speckled();
    const before = deviation(levels, 3, 17);
    createImageFilter(grid, { smoothing: 0, despeckle: 6, persistence: 0 }).apply(levels);
    expect(deviation(levels, 3, 17)).toBeLessThan(0.5 * before);
    const middle = 20 * 40;
    expect((levels[middle + 21] ?? 0) - (levels[middle + 18] ?? 0)).toBeGreaterThan(100);
  });

  it('stays within the gray levels at its strongest settings', () => {
    for (const smoothing of [-1.8, 3]) {
      const levels = speckled();
      createImageFilter(grid, { smoothing, despeckle: 7, persistence: 0.7 }).apply(levels);
      for (const level of levels) {
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThanOrEqual(255);
      }
    }
  });
});
