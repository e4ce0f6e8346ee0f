import type { BeamGrid } from './beam-grid.js';
import { columnAt, columnMmAt, rowAt } from './beam-grid.js';
import { clipToGrid } from './cell-rect.js';
import { type InjectateScript, type Pool, poolDistance } from './injectate.js';
import { phantomLabel } from './phantom-classes.js';
import { lateralSigmaMmAt, type PointSpread } from './point-spread.js';
import { createRandom } from './random.js';
import { createNoise1d, createNoise2d } from './smooth-noise.js';
import type { WarpedTissue } from './warp.js';

/** Draws the pool over the warped tissue. */
export interface PoolEcho {
  render(pool: Pool, out: WarpedTissue): void;
}

/** Seconds for which the first bubbles sparkle. */
const SPARKLE_S = 0.5;

export function createPoolEcho(
  script: InjectateScript,
  grid: BeamGrid,
  spread: PointSpread,
): PoolEcho {
  const random = createRandom(script.startS * 1000);
  const outline = createNoise1d(random);
  const re = createNoise2d(random);
  const im = createNoise2d(random);
  const lateralMm = 2.2 * lateralSigmaMmAt(spread, spread.focusMm);
  const axialMm = 2.2 * spread.axialSigmaMm;
  const bubbles = createNoise2d(random);
  const label = phantomLabel('injectate');
  const level = 10 ** (script.echoDb / 20);
  const sparkle = 10 ** (script.sparkleDb / 20);
  return {
    render: (pool, out) => {
      const reach = 1.4 * Math.max(pool.radiusXMm, pool.radiusZMm);
      const row = rowAt(grid, pool.xMm, pool.zMm);
      const column = columnAt(grid, pool.xMm, pool.zMm);
      const columns = reach / columnMmAt(grid, Math.max(0, row));
      const rows = reach / grid.rowMm;
      const rect = clipToGrid(grid, {
        column0: Math.floor(column - columns),
        column1: Math.ceil(column + columns) + 1,
        row0: Math.floor(row - rows),
        row1: Math.ceil(row + rows) + 1,
      });
      if (rect === null) return;
      const fresh = Math.max(0, 1 - pool.ageS / SPARKLE_S);
      for (let r = rect.row0; r < rect.row1; r++) {
        for (let c = rect.column0; c < rect.column1; c++) {
          const cell = r * grid.columns + c;
          const x = grid.xMm[cell] as number;
          const z = grid.zMm[cell] as number;
          const angle = Math.atan2(z - pool.zMm, x - pool.xMm);
          const bound = 1 + 0.08 * outline(4 + 1.3 * Math.cos(angle) + 2.1 * Math.sin(angle));
          const distance = poolDistance(pool, x, z) / bound;
          if (distance > 1.12) continue;
          const drift = 2 * pool.ageS;
          // Two lattices turned against each other: a Rayleigh envelope without a visible lattice.
          const u = x / lateralMm + drift;
          const v = z / axialMm - drift;
          const a = re(0.9 * u + 0.44 * v, 0.9 * v - 0.44 * u);
          const b = im(0.8 * u - 0.6 * v, 0.8 * v + 0.6 * u);
          const grain = level * Math.sqrt(0.5 * (a * a + b * b));
          const bubble = bubbles(x / 0.4 - drift, z / 0.3 + 3 * drift) - 1.6 + 0.8 * fresh;
          const echo = grain + (bubble > 0 ? fresh * sparkle * bubble : 0);
          const share = distance <= 0.95 ? 1 : (1.12 - distance) / 0.17;
          const tissue = out.tissue[cell] as number;
          out.tissue[cell] = tissue + (echo - tissue) * share;
          if (distance > 1) continue;
          out.lossDb[cell] = script.lossDbPerMm * grid.rowMm;
          out.labels[cell] = label;
        }
      }
    },
  };
}
