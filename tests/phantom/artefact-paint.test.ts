import { describe, expect, it } from 'vitest';
import type { Artefact, Column, Gas, Septum, Wall } from '../../src/phantom/artefact.js';
import { paintArtefact } from '../../src/phantom/artefact-paint.js';
import { createBeamGrid } from '../../src/phantom/beam-grid.js';
import { phantomLabel } from '../../src/phantom/phantom-classes.js';
import { createRandom } from '../../src/phantom/random.js';
import type { TissueMaps } from '../../src/phantom/tissue-maps.js';

const COLUMNS = 81;
const ROWS = 101;
const SHAPE = { columns: COLUMNS, rows: ROWS, rowMm: 0.4, firstRowMm: 0 };
/** 40 × 40 mm, 0.5 mm from beam to beam. */
const LINEAR = createBeamGrid({
  ...SHAPE,
  geometry: 'linear',
  pitch: 0.5,
  firstColumn: -20,
  radiusMm: 0,
});
const CURVED = createBeamGrid({
  ...SHAPE,
  geometry: 'curvilinear',
  pitch: 0.01,
  firstColumn: -0.4,
  radiusMm: 40,
});

const WALL: Wall = {
  kind: 'wall',
  zMm: 24,
  slope: 0,
  fromXMm: -100,
  toXMm: 100,
  levelDb: 20,
  breakup: 0,
  repeats: 1,
  gapMm: 1,
  behindDb: -40,
};

/** Even muscle. */
function paintOn(grid: typeof LINEAR, artefact: Artefact, label = 0): TissueMaps {
  const maps: TissueMaps = {
    scatter: new Float32Array(COLUMNS * ROWS).fill(1),
    interfaces: new Float32Array(COLUMNS * ROWS),
    lossDb: new Float32Array(COLUMNS * ROWS).fill(0.1),
    labels: new Uint8Array(COLUMNS * ROWS).fill(label),
  };
  paintArtefact(artefact, grid, maps, createRandom(1));
  return maps;
}

function brightestRow(maps: TissueMaps, column: number, fromRow = 0): number {
  let best = fromRow;
  for (let row = fromRow; row < ROWS; row++) {
    const cell = row * COLUMNS + column;
    if ((maps.interfaces[cell] ?? 0) > (maps.interfaces[best * COLUMNS + column] ?? 0)) best = row;
  }
  return best;
}

describe('paintArtefact', () => {
  it('keeps a wall straight on the screen under a curved probe, and dark behind', () => {
    const maps = paintOn(CURVED, WALL, 6);
    for (const column of [10, 40, 70]) {
      const row = brightestRow(maps, column);
      expect(Math.abs((CURVED.zMm[row * COLUMNS + column] ?? 0) - 24)).toBeLessThan(0.4);
      expect(maps.scatter[(row + 4) * COLUMNS + column]).toBeCloseTo(0.01, 3);
      expect(maps.labels[(row + 4) * COLUMNS + column]).toBe(0);
      expect(maps.labels[(row - 4) * COLUMNS + column]).toBe(6);
    }
  });

  it('repeats a surface of gas at multiples of its depth and hides what lies below', () => {
    const gas: Gas = {
      kind: 'gas',
      curve: { baseMm: 12, slope: 0, waves: [] },
      fromXMm: -100,
      toXMm: 100,
      levelDb: 24,
      breakup: 0,
      hazeDb: -20,
      decayMm: 5,
      aLines: 2,
      aLineLossDb: 6,
      bLines: [],
    };
    const maps = paintOn(LINEAR, gas, phantomLabel('nerve'));
    const surface = brightestRow(maps, 40);
    expect(Math.abs(surface - 30)).toBeLessThanOrEqual(1);
    const repeat = brightestRow(maps, 40, surface + 10);
    expect(Math.abs(repeat - 2 * surface)).toBeLessThanOrEqual(2);
    expect(maps.labels[(surface + 5) * COLUMNS + 40]).toBe(0);
    expect(maps.labels[(surface - 5) * COLUMNS + 40]).toBe(phantomLabel('nerve'));
    expect(maps.scatter[(ROWS - 1) * COLUMNS + 40]).toBeLessThan(0.05);
  });

  it('draws a septum along its slope, fading at both ends, but not through a nerve', () => {
    const septum: Septum = {
      kind: 'septum',
      xMm: 0,
      zMm: 20,
      angleRad: 0.6,
      halfLengthMm: 10,
      bowMm: 0,
      thicknessMm: 0.6,
      levelDb: 12,
      breakup: 0,
      isFascia: true,
    };
    const maps = paintOn(LINEAR, septum);
    const at = (along: number): number => {
      const column = Math.round((along * Math.cos(0.6) + 20) / 0.5);
      const row = Math.round((20 + along * Math.sin(0.6)) / 0.4);
      return maps.scatter[row * COLUMNS + column] ?? 0;
    };
    expect(at(0)).toBeGreaterThan(2);
    expect(at(9.5)).toBeLessThan(0.5 * at(0));
    expect(at(-9.5)).toBeLessThan(0.5 * at(0));
    expect(at(14)).toBe(1);
    expect(maps.labels).toContain(phantomLabel('fascia'));
    const inNerve = paintOn(LINEAR, septum, phantomLabel('nerve'));
    expect(Math.max(...inNerve.scatter)).toBe(1);
  });

  it('takes labels away where a shadow hides everything, and leaves them in a shade', () => {
    const shadow = (lossDb: number): Column => ({
      kind: 'column',
      xMm: 0,
      halfWidthMm: 4,
      fromMm: 4,
      lossDb,
      onsetMm: 2,
      echoDb: null,
      decayMm: 1,
      periodMm: 0,
    });
    const below = 60 * COLUMNS + 40;
    const hidden = paintOn(LINEAR, shadow(60), 1);
    expect(hidden.labels[below]).toBe(0);
    expect(hidden.labels[60 * COLUMNS + 5]).toBe(1);
    const shade = paintOn(LINEAR, shadow(10), 1);
    expect(shade.labels[below]).toBe(1);
    let lossDb = 0;
    for (let row = 0; row < 60; row++) lossDb += (shade.lossDb[row * COLUMNS + 40] ?? 0) - 0.1;
    expect(lossDb).toBeGreaterThan(4);
    expect(lossDb).toBeLessThan(20);
  });
});
