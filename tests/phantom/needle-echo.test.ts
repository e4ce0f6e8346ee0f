import { describe, expect, it } from 'vitest';
import { createCartesianGrid } from '../../src/phantom/beam-grid.js';
import { needlePoseAt } from '../../src/phantom/motion.js';
import type { NeedleAppearance } from '../../src/phantom/needle.js';
import { createNeedleEcho } from '../../src/phantom/needle-echo.js';
import { stillNeedle } from './scene-fixtures.js';

const GRID = createCartesianGrid(200, 200, { xMm: 0.2, yMm: 0.2 }, { leftMm: -20, topMm: 0 });
const SPREAD = {
  axialSigmaMm: 0.2,
  lateralSigmaMm: 0.4,
  focusMm: 20,
  focusRangeMm: 30,
  elevationSigmaMm: 1,
};

function draw(changes: Partial<NeedleAppearance>): {
  readonly map: Float32Array;
  readonly rect: ReturnType<ReturnType<typeof createNeedleEcho>['render']>;
} {
  const needle = stillNeedle(10);
  const echo = createNeedleEcho({ ...needle.appearance, ...changes }, GRID, SPREAD);
  const map = new Float32Array(200 * 200);
  const pose = needlePoseAt(needle, 0);
  if (pose === null) throw new Error('the fixture is inserted');
  return { map, rect: echo.render(map, pose) };
}

describe('createNeedleEcho', () => {
  it('peaks on the shaft and stays inside the rectangle that it reports', () => {
    const { map, rect } = draw({});
    if (rect === null) throw new Error('the needle is on the grid');
    // Half way along the visible shaft: x −10 mm, z 20 − 10 · tan 10°.
    const column = 50;
    let peak = 0;
    for (let row = 0; row < 200; row++) {
      if ((map[row * 200 + column] ?? 0) > (map[peak * 200 + column] ?? 0)) peak = row;
    }
    expect(Math.abs(peak * 0.2 - (20 - 10 * Math.tan(Math.PI / 18)))).toBeLessThan(0.3);
    let outside = 0;
    for (let cell = 0; cell < map.length; cell++) {
      const x = cell % 200;
      const y = Math.floor(cell / 200);
      const isInside = x >= rect.column0 && x < rect.column1 && y >= rect.row0 && y < rect.row1;
      if (!isInside) outside += map[cell] ?? 0;
    }
    expect(outside).toBe(0);
  });

  it('repeats the shaft deeper when it reverberates', () => {
    const single = draw({});
    const repeated = draw({ reverbDecay: 0.5 });
    const row = Math.round((20 - 10 * Math.tan(Math.PI / 18) + 1) / 0.2);
    const at = row * 200 + 50;
    expect(repeated.map[at] ?? 0).toBeGreaterThan(3 * (single.map[at] ?? 0));
  });

  it('shows its near wall as a fainter line above the shaft, along all of it', () => {
    const single = draw({});
    const tube = draw({ nearWalls: [{ aboveMm: 2, levelDb: -6 }] });
    for (const [xMm, column] of [
      [-10, 50],
      [-4, 80],
    ] as const) {
      const shaftMm = 20 + xMm * Math.tan(Math.PI / 18);
      const wall = Math.round((shaftMm - 2) / 0.2) * 200 + column;
      const shaft = Math.round(shaftMm / 0.2) * 200 + column;
      expect(single.map[wall] ?? 0).toBeLessThan(0.05 * (single.map[shaft] ?? 0));
      expect(tube.map[wall] ?? 0).toBeGreaterThan(0.3 * (tube.map[shaft] ?? 0));
      expect(tube.map[wall] ?? 0).toBeLessThan(0.8 * (tube.map[shaft] ?? 0));
    }
  });

  it('reports nothing for a needle beside the grid', () => {
    const needle = { ...stillNeedle(10), entryXMm: -300 };
    const pose = needlePoseAt(needle, 0);
    if (pose === null) throw new Error('the fixture is inserted');
    const echo = createNeedleEcho(needle.appearance, GRID, SPREAD);
    expect(echo.render(new Float32Array(200 * 200), pose)).toBeNull();
  });
});
